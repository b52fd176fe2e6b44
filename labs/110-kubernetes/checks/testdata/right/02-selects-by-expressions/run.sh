kubectl delete pod order -n shop --ignore-not-found
kubectl apply -f order.yaml
