# The old shop, which is still there: the new price gets into the order, a shipped
# order is cancelled without an error, and its tea is counted on the shelf.
set -e
said=$(go run .)
echo "$said"
echo "$said" | grep -q 'Total  *22.40 EUR'
echo "$said" | grep -qF 'on its way: <nil>'
echo "$said" | grep -qx 'Tea on the shelf: 20'
