kubectl apply -f order.yaml
for name in order-2 order-3; do
  kubectl run $name -n shop --image=cnalab/fixtures:1 --labels=app=order -- order
done
