kubectl apply -f config.yaml
kubectl apply -f secret.yaml
kubectl apply -f order.yaml
