kubectl apply -f order.yaml
kubectl scale deployment order -n shop --replicas=3
