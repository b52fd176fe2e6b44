# A sum that an int64 does not hold becomes another number, without an error,
# and a product may even look right; float64 does not hold each whole number.
set -e
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/main.go" <<'END'
package main

import (
	"fmt"
	"math"
)

func main() {
	most, half, n := int64(math.MaxInt64), int64(1<<62), int64(5)
	fmt.Println(most + 1)
	fmt.Println(half*n == half)
	large := int64(1<<53 + 1)
	fmt.Println(int64(float64(large)) == large)
	fmt.Printf("%.20f\n", 4.35)
}
END
said=$(go run "$dir/main.go")
echo "$said"
[ "$(echo "$said" | sed -n 1p)" = -9223372036854775808 ]
[ "$(echo "$said" | sed -n 2p)" = true ]
[ "$(echo "$said" | sed -n 3p)" = false ]
[ "$(echo "$said" | sed -n 4p)" != 4.35000000000000000000 ]
