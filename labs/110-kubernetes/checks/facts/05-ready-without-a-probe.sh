# Without a readinessProbe a pod is ready as soon as it runs, although order
# answers 503 for two seconds more. With one, three failures in a row are the default.
set -e
kubectl run early --image=cnalab/fixtures:1 --env=WARMUP=20s -n shop -- order
trap 'kubectl delete pod early -n shop --now' EXIT
kubectl wait pod/early -n shop --for=condition=Ready --timeout=15s
kubectl exec early -n shop -- /fixtures get http://localhost:8080/orders | grep 'warms up' || exit 1
kubectl get deployment order -n shop -o jsonpath='{..readinessProbe.failureThreshold}' | grep '^3$'
