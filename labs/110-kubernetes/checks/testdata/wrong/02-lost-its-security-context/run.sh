kubectl apply -f order.yaml
