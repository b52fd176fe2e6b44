# kafka-go's defaults are 100 messages, 1 MiB, a second and no compression; and
# batches bring at least twice the messages per second of requests with one.
set -eu
dir=$(mktemp -d)
mkdir "$dir/defaults"
cat > "$dir/defaults/main.go" <<'END'
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

// tooLarge tells whether the Writer itself refuses a message of so many bytes.
func tooLarge(bytes int) bool {
	w := &kafka.Writer{Addr: kafka.TCP(os.Getenv("KAFKA")), Topic: "fact-busy", BatchSize: 1}
	err := w.WriteMessages(context.Background(), kafka.Message{Value: make([]byte, bytes)})
	return errors.As(err, new(kafka.MessageTooLargeError))
}

func main() {
	if tooLarge(1<<20-1000) || !tooLarge(1<<20) {
		fmt.Println("a batch takes another size than 1 MiB")
		os.Exit(1)
	}
	w := &kafka.Writer{}
	of := w.Stats()
	fmt.Println("batch size", of.MaxBatchSize, "batch timeout", of.BatchTimeout, "compression", w.Compression)
	if of.MaxBatchSize != 100 || of.BatchTimeout != time.Second || w.Compression != 0 {
		os.Exit(1)
	}
}
END
go run ./topics -topic fact-busy
go run "$dir/defaults/main.go"

rate() { sed -n 's/.*"per_second":\([0-9]*\).*/\1/p'; }
together=$(go run ./load -topic fact-busy | rate)
cp -r . "$dir/workspace"
cd "$dir/workspace"
sed -i 's/BatchSize: *[0-9]*,/BatchSize: 1,/' load/writer.go
alone=$(go run ./load -topic fact-busy | rate)
echo "messages per second: alone $alone, in batches $together"
test "$together" -gt $((2 * alone))
