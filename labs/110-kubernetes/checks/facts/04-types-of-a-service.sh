# A node port is one from 30000 to 32767, and a LoadBalancer gets no address where
# there is no cloud provider.
set -e
if refusal=$(kubectl create service nodeport low -n shop --tcp=80 --node-port=29999 2>&1); then
  echo 'the port 29999 is taken'
  exit 1
fi
echo "$refusal" | grep '30000-32767'
kubectl create service loadbalancer cloud -n shop --tcp=80
trap 'kubectl delete service cloud -n shop' EXIT
sleep 5
kubectl get service cloud -n shop | grep '<pending>'
