# From another namespace a Service is order.shop, and order is nobody. The image
# of order has no shell.
set -e
ask() { kubectl run "$1" -n default --image=cnalab/fixtures:1 --restart=Never --attach --rm --quiet -- get "$2"; }
ask full http://order.shop/orders | grep '"service":"order"'
if ask short http://order/orders; then
  echo 'http://order answers in another namespace'
  exit 1
fi
if kubectl exec -n shop deployment/order -- sh -c true; then
  echo 'the image has a shell'
  exit 1
fi
