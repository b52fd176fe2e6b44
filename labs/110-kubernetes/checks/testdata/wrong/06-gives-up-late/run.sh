kubectl apply -f order.yaml
kubectl rollout status deployment/order -n shop --timeout=120s
