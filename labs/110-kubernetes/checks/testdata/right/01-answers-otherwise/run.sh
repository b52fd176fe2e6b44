kubectl apply -f namespace.yaml
node=$(kubectl get nodes -l node-role.kubernetes.io/control-plane -o name | cut -d/ -f2)
cat > answers.yaml <<END
# seen in my cluster
"on-every-node":
  - 'kube-proxy'
  - "kindnet"
scheduler-on: '$node'
worker: >-
  ${node%-control-plane}-worker
control-plane: "$node"
END
