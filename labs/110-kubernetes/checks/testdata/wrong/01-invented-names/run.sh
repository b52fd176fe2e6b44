kubectl create namespace shop
cat > answers.yaml <<END
control-plane: cnalab-shop-control-plane
worker: cnalab-shop-worker
scheduler-on: cnalab-shop-control-plane
on-every-node: [kube-proxy, kindnet]
END
