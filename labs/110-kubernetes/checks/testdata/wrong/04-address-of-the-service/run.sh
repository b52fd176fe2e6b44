kubectl apply -f product.yaml
kubectl apply -f gateway.yaml
address=$(kubectl get service order -n shop -o jsonpath='{.spec.clusterIP}')
kubectl set env deployment/gateway -n shop ORDER_URL=http://$address
