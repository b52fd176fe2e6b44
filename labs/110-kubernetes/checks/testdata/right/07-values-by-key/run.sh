kubectl apply -f config.yaml
echo PAYMENT_KEY=harbour-3-thimble > key.env
kubectl create secret generic order-secret -n shop --from-env-file=key.env
rm key.env
kubectl apply -f order.yaml
kubectl rollout status deployment/order -n shop --timeout=120s
