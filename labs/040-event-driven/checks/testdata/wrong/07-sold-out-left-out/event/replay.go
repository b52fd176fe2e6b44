package event

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/segmentio/kafka-go"
)

// Replay calls see for every event that is on the topic now, from the first
// one on: each partition in order, one partition after the other.
func Replay(ctx context.Context, broker, topic string, see func(Event)) error {
	partitions, err := kafka.LookupPartitions(ctx, "tcp", broker, topic)
	for _, partition := range partitions {
		err = errors.Join(err, replay(ctx, broker, partition, see))
	}
	return err
}

// replay reads one partition, up to where it ends at the start. It belongs to
// no group, so it commits nothing and takes nothing from anybody.
func replay(ctx context.Context, broker string, partition kafka.Partition, see func(Event)) error {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{broker}, Topic: partition.Topic, Partition: partition.ID, MaxWait: 100 * time.Millisecond,
	})
	defer reader.Close()
	left, err := reader.ReadLag(ctx) // how many there are now: this topic keeps all
	for ; left > 0 && err == nil; left-- {
		err = next(ctx, reader, see)
	}
	return err
}

func next(ctx context.Context, reader *kafka.Reader, see func(Event)) error {
	message, err := reader.ReadMessage(ctx)
	if err != nil {
		return err
	}
	var e Event
	if json.Unmarshal(message.Value, &e) == nil { // else it is no event
		see(e)
	}
	return nil
}
