# A rebuilt view has the same rows, byte for byte.
set -eu
curl -sf -o /dev/null -X POST "$SERVICE_ORDER/orders" -d '{"customer": "bytes", "sku": "lamp", "quantity": 2}'
sleep 1
sum() { psql "$DATABASE_VIEW" -At -c "SELECT count(*), md5(string_agg(held::text, ',' ORDER BY id)) FROM lines AS held"; }
before=$(sum)
curl -sf -o /dev/null -X POST "$SERVICE_HISTORY/rebuild"
until [ "$(curl -sf "$SERVICE_HISTORY/lag" | tr -dc 0-9)" = 0 ]; do sleep 0.1; done
after=$(sum)
echo "$before, then $after"
test "$before" = "$after"
