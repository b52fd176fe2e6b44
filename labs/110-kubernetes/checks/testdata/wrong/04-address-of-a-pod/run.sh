kubectl apply -f product.yaml
kubectl apply -f gateway.yaml
address=$(kubectl get pods -n shop -l app=order -o jsonpath='{.items[0].status.podIP}')
kubectl set env deployment/gateway -n shop ORDER_URL=http://$address:8080
