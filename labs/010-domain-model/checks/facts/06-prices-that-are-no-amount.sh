# What the hint on cents says of 4.35 and 64.10, of NaN and of +Inf.
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
	for _, price := range []float64{4.35, 64.10} {
		fmt.Println(int64(price*100), math.Round(price*100))
	}
	for _, price := range []float64{0, 0.004, math.NaN()} {
		fmt.Println(!(math.Round(price*100) >= 1))
	}
	fmt.Println(math.Round(math.Inf(1)*100) >= math.MaxInt64)
}
END
said=$(go run "$dir/main.go" | tr '\n' ' ')
echo "$said"
[ "$said" = '434 435 6409 6410 true true true true ' ]
