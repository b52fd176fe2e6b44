# A slice that shares its array with the order has the cup and an empty line
# after slices.Delete, since Go 1.22.
set -e
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/main.go" <<'END'
package main

import (
	"fmt"
	"slices"
)

func main() {
	lines := []string{"2 x tea", "1 x cup"}
	event := lines
	lines = slices.Delete(lines, 0, 1)
	fmt.Printf("%q %q\n", lines, event)
}
END
said=$(go run "$dir/main.go")
echo "$said"
[ "$said" = '["1 x cup"] ["1 x cup" ""]' ]
