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

// replay reads what the options ask for.
func replay(ctx context.Context, o options) error {
	if o.since == "" {
		return readFrom(ctx, o.topic, o.partition, o.offset)
	}
	since, err := time.Parse("2006-01-02T15:04:05.999999999Z", o.since)
	if err != nil {
		return err
	}
	partitions, err := kafka.LookupPartitions(ctx, "tcp", os.Getenv("KAFKA"), o.topic)
	if err != nil {
		return err
	}
	for _, p := range partitions {
		offset, err := offsetAt(ctx, o.topic, p.ID, since)
		if err != nil {
			return err
		}
		if offset < 0 {
			continue // everything in this partition is older
		}
		if err := readFrom(ctx, o.topic, p.ID, offset); err != nil {
			return err
		}
	}
	return nil
}

// offsetAt asks the broker for the first message that is not older than the
// time. It is negative where there is none.
func offsetAt(ctx context.Context, topic string, partition int, since time.Time) (int64, error) {
	conn, err := kafka.DialLeader(ctx, "tcp", os.Getenv("KAFKA"), topic, partition)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	return conn.ReadOffset(since)
}
