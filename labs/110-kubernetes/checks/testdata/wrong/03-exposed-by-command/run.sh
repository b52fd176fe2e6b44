kubectl apply -f order.yaml
kubectl expose deployment order -n shop --port=80 --target-port=8080
