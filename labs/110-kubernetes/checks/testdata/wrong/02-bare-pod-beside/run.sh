kubectl run order -n shop --image=cnalab/fixtures:1 --labels=app=order -- order
kubectl apply -f order.yaml
