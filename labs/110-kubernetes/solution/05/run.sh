kubectl apply -f order.yaml
kubectl rollout status deployment/order -n shop --timeout=120s
kubectl set image deployment/order order=cnalab/fixtures:2 -n shop
kubectl rollout status deployment/order -n shop --timeout=3s || true
kubectl rollout undo deployment/order -n shop
kubectl apply -f order.yaml
