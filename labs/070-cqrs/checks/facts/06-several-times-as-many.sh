# The view gives several times as many pages a second as the tables of the orders.
set -eu
pages() { go run ./measure -for 3s -out - "$1" | tail -1; }
alone=$(pages alone)
before=$(pages before)
after=$(pages after)
echo "$alone; $before; $after"
test "$(echo "$after" | cut -d, -f2)" -ge $((2 * $(echo "$before" | cut -d, -f2)))
