# A drain refuses to remove a pod that no controller replaces, and the control
# plane's node has a taint that keeps pods away.
set -e
worker=$(kubectl get nodes -l '!node-role.kubernetes.io/control-plane' -o name)
kubectl run bare --image=cnalab/fixtures:1 -n shop -- product
trap 'kubectl delete pod bare -n shop --now' EXIT
kubectl wait pod/bare -n shop --for=condition=Ready --timeout=60s
if refusal=$(kubectl drain "$worker" --ignore-daemonsets --dry-run=server 2>&1); then
  echo "the drain goes on: $refusal"
  exit 1
fi
echo "$refusal" | grep 'declare no controller'
kubectl drain "$worker" --ignore-daemonsets --force --dry-run=server
kubectl get nodes -l node-role.kubernetes.io/control-plane -o jsonpath='{..taints}' | grep NoSchedule
