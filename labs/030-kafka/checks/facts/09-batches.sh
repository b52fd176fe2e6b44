# kafka-go's defaults are 100 messages, 1 MiB, a second and no compression; and
# batches bring at least twice the messages per second of requests with one.
set -eu
dir=$(mktemp -d)
mkdir "$dir/defaults"
cat > "$dir/defaults/main.go" <<'END'
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

func main() {
	w := &kafka.Writer{}
	of := w.Stats()
	fmt.Println("batch size", of.MaxBatchSize, "batch timeout", of.BatchTimeout, "compression", w.Compression)
	if of.MaxBatchSize != 100 || of.BatchTimeout != time.Second || w.Compression != 0 {
		os.Exit(1)
	}
}
END
go run "$dir/defaults/main.go"
go doc github.com/segmentio/kafka-go.Writer | grep -A 6 'maximum size of a request in bytes' | grep 1048576

rate() { sed -n 's/.*"per_second":\([0-9]*\).*/\1/p'; }
go run ./topics -topic fact-busy
together=$(go run ./load -topic fact-busy | rate)
cp -r . "$dir/workspace"
cd "$dir/workspace"
sed -i 's/BatchSize: *[0-9]*,/BatchSize: 1,/' load/writer.go
alone=$(go run ./load -topic fact-busy | rate)
echo "messages per second: alone $alone, in batches $together"
test "$together" -gt $((2 * alone))
