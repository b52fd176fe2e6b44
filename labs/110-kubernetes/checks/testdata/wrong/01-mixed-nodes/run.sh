kubectl create namespace shop
scheduler=$(kubectl get nodes -l node-role.kubernetes.io/control-plane -o name | cut -d/ -f2)
cat > answers.yaml <<END
control-plane: cnalab-bq7tkx2mrd-control-plane
worker: cnalab-w5znh3pkcl-worker
scheduler-on: $scheduler
on-every-node: [kube-proxy, kindnet]
END
