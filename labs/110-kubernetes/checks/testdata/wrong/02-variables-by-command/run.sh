kubectl apply -f order.yaml
kubectl set env deployment/order -n shop VERSION=1 DRAIN=0s GREETING='Welcome to the shop' PAYMENT_KEY=kite-7-lantern
