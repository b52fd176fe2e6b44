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
	if offset = max(offset, first); offset >= end {
		return nil
	}
	if err := rewind(ctx, topic, partition, offset); err != nil {
		return err
	}
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers:           []string{os.Getenv("KAFKA")},
		Topic:             topic,
		GroupID:           group,
		StartOffset:       kafka.FirstOffset,
		MaxWait:           100 * time.Millisecond,
		HeartbeatInterval: 100 * time.Millisecond,
		JoinGroupBackoff:  100 * time.Millisecond,
	})
	defer reader.Close()
	for offset < end {
		m, err := reader.ReadMessage(ctx)
		if err != nil {
			return err
		}
		if m.Partition != partition {
			continue
		}
		e, err := event.Parse(m.Value)
		if err != nil {
			return err
		}
		event.Say(map[string]any{"replayed": e.ID, "partition": partition, "offset": m.Offset})
		offset = m.Offset + 1
	}
	return nil
}

const group = "delivery"

// rewind has the group begin at the offset.
func rewind(ctx context.Context, topic string, partition int, offset int64) error {
	client := &kafka.Client{Addr: kafka.TCP(os.Getenv("KAFKA"))}
	_, err := client.OffsetCommit(ctx, &kafka.OffsetCommitRequest{
		GroupID: group, GenerationID: -1,
		Topics: map[string][]kafka.OffsetCommit{topic: {{Partition: partition, Offset: offset}}},
	})
	return err
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
