kubectl apply -f order.yaml
kubectl rollout status deployment/order -n shop --timeout=60s
kubectl apply -f - <<END
apiVersion: v1
kind: Endpoints
metadata:
  name: order
  namespace: shop
subsets:
  - ports:
      - port: 8080
    addresses:
$(kubectl get pods -n shop -l app=order -o jsonpath='{range .items[*]}      - ip: {.status.podIP}{"\n"}{end}')
END
