kubectl apply -f order.yaml -f product.yaml -f gateway.yaml
