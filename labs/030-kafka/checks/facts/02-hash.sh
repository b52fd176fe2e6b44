# kafka.Hash is FNV-1a modulo the number of partitions, and Java's murmur2
# places some keys elsewhere.
set -eu
dir=$(mktemp -d)
cat > "$dir/hash.go" <<'END'
package main

import (
	"fmt"
	"hash/fnv"
	"os"

	"github.com/segmentio/kafka-go"
)

func main() {
	moved, other := 0, 0
	for n := range 100 {
		m := kafka.Message{Key: fmt.Appendf(nil, "order-%d", n)}
		h := fnv.New32a()
		h.Write(m.Key)
		of3 := int(int32(h.Sum32()) % 3)
		if of3 < 0 {
			of3 = -of3
		}
		if got := new(kafka.Hash).Balance(m, 0, 1, 2); got != of3 {
			fmt.Printf("%s: partition %d, FNV-1a says %d\n", m.Key, got, of3)
			os.Exit(1)
		}
		if new(kafka.Hash).Balance(m, 0, 1, 2, 3) != of3 {
			moved++
		}
		if (kafka.Murmur2Balancer{}).Balance(m, 0, 1, 2) != of3 {
			other++
		}
	}
	fmt.Printf("of 100 keys a fourth partition moves %d, murmur2 places %d elsewhere\n", moved, other)
	if moved <= 50 || other == 0 {
		os.Exit(1)
	}
}
END
go run "$dir/hash.go"
