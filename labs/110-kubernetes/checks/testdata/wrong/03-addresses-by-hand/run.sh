kubectl apply -f order.yaml
kubectl rollout status deployment/order -n shop --timeout=60s
kubectl apply -f - <<END
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: order-by-hand
  namespace: shop
  labels:
    kubernetes.io/service-name: order
addressType: IPv4
ports:
  - port: 8080
endpoints:
$(kubectl get pods -n shop -l app=order -o jsonpath='{range .items[*]}  - addresses: ["{.status.podIP}"]{"\n"}{end}')
END
