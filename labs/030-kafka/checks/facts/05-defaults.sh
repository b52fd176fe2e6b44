# kafka-go's session timeout is 30 s, and its heartbeat 3 s, by default.
set -eu
dir=$(mktemp -d)
cat > "$dir/times.go" <<'END'
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

func main() {
	of := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{os.Getenv("KAFKA")}, Topic: "orders", GroupID: "defaults"}).Config()
	fmt.Println("session timeout", of.SessionTimeout, "heartbeat", of.HeartbeatInterval)
	if of.SessionTimeout != 30*time.Second || of.HeartbeatInterval != 3*time.Second {
		os.Exit(1)
	}
}
END
go run "$dir/times.go"
