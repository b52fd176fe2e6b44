package event

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/segmentio/kafka-go"
)

// Replay calls see for every event that is on the topic now, from the first
// one on: each partition in order, one partition after the other.
func Replay(ctx context.Context, broker, topic string, see func(Event)) error {
	partitions, err := kafka.LookupPartitions(ctx, "tcp", broker, topic)
	if err != nil {
		return fmt.Errorf("find %s: %w", topic, err)
	}
	for _, partition := range partitions {
		if err := replay(ctx, broker, partition, see); err != nil {
			slog.Warn("read in part", "partition", partition.ID, "err", err)
		}
	}
	return nil
}

// replay reads one partition, up to where it ends at the start.
func replay(ctx context.Context, broker string, partition kafka.Partition, see func(Event)) error {
	conn, err := kafka.DialLeader(ctx, "tcp", broker, partition.Topic, partition.ID)
	if err != nil {
		return err
	}
	defer conn.Close()
	first, end, err := conn.ReadOffsets()
	if err != nil || first == end {
		return err
	}
	if _, err := conn.Seek(first, kafka.SeekAbsolute); err != nil {
		return err
	}
	for next := first; next < end; {
		batch := conn.ReadBatch(1, 1<<20)
		for next < end {
			message, err := batch.ReadMessage()
			if err != nil {
				break // the next batch, where Close has no error
			}
			next = message.Offset + 1
			var e Event
			if json.Unmarshal(message.Value, &e) == nil {
				see(e)
			}
		}
		if err := batch.Close(); err != nil {
			return err
		}
	}
	return nil
}
