address=$(kubectl get service order -n shop -o jsonpath='{.spec.clusterIP}')
sed "s|http://order|http://$address|" gateway.yaml > address.yaml
mv address.yaml gateway.yaml
kubectl apply -f product.yaml
kubectl apply -f gateway.yaml
