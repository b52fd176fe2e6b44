# Two instances send each event once: one relay at a time has the lock.
set -eu
program=$(mktemp -d)/order
go build -o "$program" ./order
SERVICE=order ADDR=127.0.0.1:0 DATABASE_URL=$DATABASE_ORDER "$program" >/dev/null &
second=$!
trap 'kill $second' EXIT
sleep 2
for i in $(seq 60); do
	curl -sf -o /dev/null -X POST "$SERVICE_ORDER/orders" -d '{"sku": "one-relay", "quantity": 1, "address": "Elm Street 5"}'
done
sleep 2
twice=$(kcat -C -b "$KAFKA" -t orders -e -q | grep OrderPlaced | grep one-relay | sort | uniq -d | wc -l)
echo "$twice of 60 events came more than once"
test "$twice" -eq 0
