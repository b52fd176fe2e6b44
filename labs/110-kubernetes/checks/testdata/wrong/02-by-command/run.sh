kubectl create deployment order -n shop --image=cnalab/fixtures:1 -- /fixtures order
kubectl set env deployment/order -n shop VERSION=1 GREETING='Welcome to the shop' PAYMENT_KEY=kite-7-lantern
