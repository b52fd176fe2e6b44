# Somebody may read the ConfigMaps and not the Secrets; who may make pods reads a
# Secret through them.
set -e
kubectl create role reader -n shop --verb=get,list --resource=configmaps
kubectl create rolebinding reader -n shop --role=reader --user=colleague
trap 'kubectl delete role,rolebinding reader -n shop' EXIT
kubectl get configmap order-config -n shop --as=colleague
if kubectl get secret order-secret -n shop --as=colleague; then
  echo 'the colleague reads the Secret'
  exit 1
fi
