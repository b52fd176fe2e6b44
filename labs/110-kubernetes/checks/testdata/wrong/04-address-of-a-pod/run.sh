address=$(kubectl get pods -n shop -l app=order -o jsonpath='{.items[0].status.podIP}')
sed "s|http://order|http://$address:8080|" gateway.yaml > address.yaml
mv address.yaml gateway.yaml
kubectl apply -f product.yaml
kubectl apply -f gateway.yaml
