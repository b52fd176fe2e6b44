# kafka-go's Writer asks for no acknowledgement by default, and waits a second
# for more messages.
set -eu
dir=$(mktemp -d)
cat > "$dir/acks.go" <<'END'
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

func main() {
	of := (&kafka.Writer{}).Stats()
	fmt.Println("acks", of.RequiredAcks, "batch timeout", of.BatchTimeout)
	if of.RequiredAcks != 0 || of.BatchTimeout != time.Second {
		os.Exit(1)
	}
}
END
go run "$dir/acks.go"
