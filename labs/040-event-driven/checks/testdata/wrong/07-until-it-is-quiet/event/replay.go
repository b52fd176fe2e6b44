package event

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

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
			return fmt.Errorf("replay %s: %w", topic, err)
		}
	}
	return nil
}

// replay reads one partition, up to where it ends at the start. It belongs to
// no group, so it commits nothing and takes nothing from anybody.
func replay(ctx context.Context, broker string, partition kafka.Partition, see func(Event)) error {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{broker}, Topic: partition.Topic, Partition: partition.ID, MaxWait: 100 * time.Millisecond,
	})
	defer reader.Close()
	for {
		soon, cancel := context.WithTimeout(ctx, 400*time.Millisecond)
		message, err := reader.ReadMessage(soon)
		cancel()
		if err != nil {
			return nil
		}
		var e Event
		if json.Unmarshal(message.Value, &e) == nil { // else it is no event
			see(e)
		}
	}
}
