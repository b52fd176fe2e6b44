kubectl create namespace shop
control=$(kubectl get nodes -l node-role.kubernetes.io/control-plane -o jsonpath='{..metadata.name}')
worker=$(kubectl get nodes -l '!node-role.kubernetes.io/control-plane' -o jsonpath='{..metadata.name}')
echo "{control-plane: $control, worker: $worker, scheduler-on: $control, on-every-node: [kube-proxy, kindnet]}" > answers.yaml
