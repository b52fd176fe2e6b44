package event

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segmentio/kafka-go"
)

// Replay calls see for every event that is on the topic now, from the first
// one on: each partition in order, one partition after the other. It belongs
// to no group, so it commits nothing and takes nothing from anybody.
func Replay(ctx context.Context, broker, topic string, see func(Event)) error {
	partitions, err := kafka.DefaultDialer.LookupPartitions(ctx, "tcp", broker, topic)
	if err != nil {
		return fmt.Errorf("find %s: %w", topic, err)
	}
	for _, partition := range partitions[:1] {
		if err := replay(ctx, broker, topic, partition.ID, see); err != nil {
			return fmt.Errorf("replay %s: %w", topic, err)
		}
	}
	return nil
}

// replay reads one partition, up to where it ends at the start.
func replay(ctx context.Context, broker, topic string, partition int, see func(Event)) error {
	conn, err := kafka.DialLeader(ctx, "tcp", broker, topic, partition)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	next, end, err := conn.ReadOffsets()
	if err != nil {
		return err
	}
	if _, err := conn.Seek(next, kafka.SeekAbsolute); err != nil {
		return err
	}
	for next < end {
		if next, err = replayBatch(conn, next, see); err != nil {
			return err
		}
	}
	return nil
}

// replayBatch reads what the broker sends at once, and returns the offset
// after it.
func replayBatch(conn *kafka.Conn, next int64, see func(Event)) (int64, error) {
	batch := conn.ReadBatch(1, 1<<20)
	defer batch.Close()
	for {
		message, err := batch.ReadMessage()
		if errors.Is(err, io.EOF) {
			return next, nil
		}
		if err != nil {
			return next, err
		}
		next = message.Offset + 1
		var e Event
		if json.Unmarshal(message.Value, &e) != nil {
			continue // not an event
		}
		see(e)
	}
}
