kubectl apply -f order.yaml
kubectl set resources deployment/order -n shop --requests=cpu=50m,memory=32Mi --limits=cpu=500m,memory=64Mi
kubectl rollout status deployment/order -n shop --timeout=120s
