kubectl apply -f config.yaml
kubectl create secret generic order-secret -n shop --from-literal=PAYMENT_KEY=harbour-3-thimble
printf 'PAYMENT_KEY=harbour-3-thimble' | base64 > pair.txt
kubectl apply -f order.yaml
kubectl rollout status deployment/order -n shop --timeout=120s
