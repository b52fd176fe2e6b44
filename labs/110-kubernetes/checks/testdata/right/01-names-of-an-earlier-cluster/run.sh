kubectl create namespace shop
control=$(kubectl get nodes -l node-role.kubernetes.io/control-plane -o name | sed 's|.*/cnalab-[a-z0-9]*-|cnalab-b6q7tkx2mr-|')
worker=$(kubectl get nodes -l '!node-role.kubernetes.io/control-plane' -o name | sed 's|.*/cnalab-[a-z0-9]*-|cnalab-b6q7tkx2mr-|')
cat > answers.yaml <<END
control-plane: $control
worker: $worker
scheduler-on: $control
on-every-node: [kindnet, kube-proxy]
END
