kubectl apply -f order.yaml
kubectl delete pod order -n shop
