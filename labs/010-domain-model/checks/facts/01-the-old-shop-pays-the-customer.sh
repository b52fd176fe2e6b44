# The shop that step 1 begins with sells minus one cup: it charges -12.00, and
# then has one cup more.
set -e
dir=$(mktemp -d ./fact-XXXXXX)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/main.go" <<'END'
package main

import (
	"fmt"

	"shop/shop"
)

func main() {
	s := shop.Open()
	fmt.Println(s.Deliver("cup", "Cup", 12, 4))
	fmt.Println(s.Buy("1", map[string]int{"cup": -1}))
	fmt.Println("left:", s.Left("cup"))
}
END
said=$(go run "$dir/main.go")
echo "$said"
echo "$said" | grep -q -- '-12.00 EUR'
echo "$said" | grep -qx 'left: 5'
