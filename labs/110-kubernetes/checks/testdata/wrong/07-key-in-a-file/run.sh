kubectl apply -f config.yaml
kubectl apply -f secret.yaml
kubectl apply -f order.yaml
kubectl rollout status deployment/order -n shop --timeout=120s
