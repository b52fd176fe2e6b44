# A container above its limit of memory is killed and started again, and no pod
# beside it is. A limit without a request is the request, too.
set -e
restarts() { kubectl get pods -n shop -l app=order -o jsonpath='{.items[*].status.containerStatuses[*].restartCount}'; }
before=$(restarts)
kubectl apply -f greedy.yaml
trap 'kubectl delete -f greedy.yaml --now' EXIT
kubectl wait pod/hog -n shop --for=jsonpath='{.status.containerStatuses[0].lastState.terminated.reason}'=OOMKilled --timeout=60s
kubectl get pod hog -n shop -o jsonpath='{..resources.requests.memory}' | grep '64Mi'
kubectl get pod giant -n shop -o jsonpath='{.status.phase} {.status.conditions[0].message}' | grep '^Pending.*Insufficient cpu'
test "$(restarts)" = "$before"
