package main

import (
	"context"
	"os"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

// readFrom prints a partition's events from the offset up to the last one
// that is there now.
func readFrom(ctx context.Context, topic string, partition int, offset int64) error {
	first, end, err := bounds(ctx, topic, partition)
	if err != nil {
		return err
	}
	offset = max(offset, first)
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers:   []string{os.Getenv("KAFKA")},
		Topic:     topic,
		Partition: partition,
		MaxWait:   100 * time.Millisecond,
	})
	defer reader.Close()
	if err := reader.SetOffset(offset); err != nil {
		return err
	}
	for offset < end {
		m, err := reader.ReadMessage(ctx)
		if err != nil {
			return err
		}
		e, err := event.Parse(m.Value)
		if err != nil {
			return err
		}
		event.Say(map[string]any{"replayed": e.ID, "partition": partition})
		offset = m.Offset + 1
	}
	return nil
}

// bounds returns the offset of a partition's first message, and the offset
// that its next message will have.
func bounds(ctx context.Context, topic string, partition int) (first, end int64, err error) {
	conn, err := kafka.DialLeader(ctx, "tcp", os.Getenv("KAFKA"), topic, partition)
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close()
	return conn.ReadOffsets()
}
