kubectl create namespace shop
control=$(kubectl get nodes -l node-role.kubernetes.io/control-plane -o name | cut -d/ -f2)
worker=$(kubectl get nodes -l '!node-role.kubernetes.io/control-plane' -o name | cut -d/ -f2)
cat > answers.yaml <<END
control-plane: $control
worker: $worker
scheduler-on: $control
on-every-node: [kube-proxy, kindnet]
END
