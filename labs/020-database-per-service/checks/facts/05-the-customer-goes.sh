# A customer who closes the connection while the INSERT waits leaves stock without an order.
set -eu
before=$(go run ./audit 2>/dev/null | grep -c no-order || true)
psql "$DATABASE_ORDER" -q -c BEGIN -c 'LOCK TABLE orders' -c 'SELECT pg_sleep(4)' -c ROLLBACK >/dev/null &
sleep 1
curl -s -m 1 -o /dev/null -X POST "$SERVICE_ORDER/orders" -d '{"sku": "cup", "quantity": 1, "address": "Elm Street 8"}' || true
wait
sleep 1
after=$(go run ./audit 2>/dev/null | grep -c no-order || true)
echo "$before orders had stock and were not there, now $after"
test "$after" -eq $((before + 1))
