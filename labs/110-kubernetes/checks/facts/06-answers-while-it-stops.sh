# While preStop sleeps, the container answers as before, and its pod is no longer
# ready for the Service.
set -e
pod=$(kubectl get pods -n shop -l app=order -o jsonpath='{.items[0].metadata.name}')
kubectl delete pod "$pod" -n shop --wait=false
sleep 1
kubectl exec "$pod" -n shop -- /fixtures get http://localhost:8080/orders | grep "$pod"
kubectl get endpointslices -n shop -l kubernetes.io/service-name=order \
  -o jsonpath="{range .items[*].endpoints[?(@.targetRef.name=='$pod')]}{.conditions.ready}{end}" | grep -v true
kubectl rollout status deployment/order -n shop --timeout=60s
