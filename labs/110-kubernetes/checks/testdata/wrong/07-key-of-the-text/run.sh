kubectl apply -f config.yaml
kubectl create secret generic order-secret -n shop --from-literal=PAYMENT_KEY=YOUR-NEW-KEY
kubectl apply -f order.yaml
kubectl rollout status deployment/order -n shop --timeout=120s
