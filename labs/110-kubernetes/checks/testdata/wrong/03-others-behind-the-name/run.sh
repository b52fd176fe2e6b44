kubectl apply -f order.yaml
kubectl apply -f others.yaml
