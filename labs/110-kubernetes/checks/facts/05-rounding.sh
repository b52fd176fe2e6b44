# maxSurge and maxUnavailable are a quarter; the first is rounded up, the second
# down. Ten old ReplicaSets are kept.
set -e
kubectl create deployment rounding --image=cnalab/fixtures:1 --replicas=10 -n shop -- /fixtures product
trap 'kubectl delete deployment rounding -n shop' EXIT
kubectl get deployment rounding -n shop -o jsonpath='{.spec.strategy.rollingUpdate.maxSurge} {.spec.strategy.rollingUpdate.maxUnavailable} {.spec.revisionHistoryLimit}' | grep '^25% 25% 10$'

# pods N: the numbers of pods of the old and the new version, with N replicas.
pods() {
  kubectl scale deployment/rounding -n shop --replicas="$1" >&2
  kubectl rollout status deployment/rounding -n shop --timeout=60s >&2
  kubectl set image deployment/rounding fixtures=cnalab/fixtures:2 -n shop >&2
  sleep 4
  kubectl get replicasets -n shop -l app=rounding --sort-by=.metadata.creationTimestamp -o jsonpath='{.items[*].spec.replicas}'
  kubectl rollout undo deployment/rounding -n shop >&2
}
ten=$(pods 10)
three=$(pods 3)
echo "of 10: $ten, of 3: $three"
test "$ten" = '8 5' && test "$three" = '3 1'
