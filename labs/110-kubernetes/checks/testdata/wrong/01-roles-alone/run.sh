kubectl create namespace shop
cat > answers.yaml <<END
control-plane: control-plane
worker: worker
scheduler-on: control-plane
on-every-node: [kube-proxy, kindnet]
END
