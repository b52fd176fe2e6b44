# The second receipt has the new title and the old price, a shipped order is not
# cancelled, and 18 tea are left.
set -e
said=$(go run .)
echo "$said"
echo "$said" | grep -q 'Sencha, first harvest  *8.70 EUR'
[ "$(echo "$said" | grep -c 'Total  *20.70 EUR')" = 2 ]
if echo "$said" | grep -qF '<nil>'; then exit 1; fi
echo "$said" | grep -qx 'Tea on the shelf: 18'
