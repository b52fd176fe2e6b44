# A message that is written again is a new message to Kafka. Product knows its id, so
# three lamps stay three.
set -eu
sku=twice-$$
curl -sf -o /dev/null -X PUT "$SERVICE_PRODUCT/stock/$sku" -d '{"quantity": 5}'
id=$(curl -sf -X POST "$SERVICE_ORDER/orders" -d '{"sku": "'$sku'", "quantity": 2, "address": "Elm Street 5"}' | sed "s|.*\"id\":\"||; s|\".*||")
until curl -sf "$SERVICE_ORDER/orders/$id" | grep -q Confirmed; do sleep 0.1; done
placed() { kcat -C -b "$KAFKA" -t orders -e -q | grep OrderPlaced | grep "$id"; }
placed | kcat -P -b "$KAFKA" -t orders
sleep 2
copies=$(placed | wc -l)
left=$(curl -sf "$SERVICE_PRODUCT/stock/$sku" | sed "s|.*\"quantity\":||; s|}.*||")
echo "$copies messages, $left lamps"
test "$copies, $left" = "2, 3"
