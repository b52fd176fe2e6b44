kubectl apply -f product.yaml
kubectl apply -f gateway.yaml
kubectl patch service gateway -n shop -p '{"spec": {"type": "NodePort", "ports": [{"port": 80, "targetPort": 8080, "nodePort": 30080}]}}'
