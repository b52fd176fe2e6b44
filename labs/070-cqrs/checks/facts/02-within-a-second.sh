# A page shows an order within a second.
set -eu
name=away-$$
curl -sf -o /dev/null -X POST "$SERVICE_ORDER/orders" -d '{"customer": "'$name'", "sku": "cup", "quantity": 3}'
sleep 1
page=$(curl -sf "$SERVICE_HISTORY/history?customer=$name")
echo "$page"
echo "$page" | grep -q '"orders":1,"spent":2550'
