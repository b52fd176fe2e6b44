kubectl apply -f product.yaml
kubectl apply -f gateway.yaml
