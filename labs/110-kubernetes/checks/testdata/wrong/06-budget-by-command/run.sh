kubectl apply -f order.yaml
kubectl create poddisruptionbudget order -n shop --selector=app=order --max-unavailable=1
kubectl rollout status deployment/order -n shop --timeout=120s
