kubectl create deployment order -n shop --image=cnalab/fixtures:1 -- /fixtures order
kubectl set env deployment/order -n shop VERSION=1 DRAIN=0s GREETING='Welcome to the shop' PAYMENT_KEY=kite-7-lantern
kubectl patch deployment order -n shop -p '{"spec": {"template": {"spec": {"containers": [{"name": "fixtures", "securityContext": {"runAsNonRoot": true, "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}}}]}}}}'
kubectl get deployment order -n shop -o yaml > order.yaml
kubectl apply -f order.yaml
