package event

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"
)

// Replay calls see for every event that is on the topic now, from the first
// one on: each partition in order, one partition after the other. It belongs
// to no group, so it commits nothing and moves nobody.
func Replay(ctx context.Context, broker, topic string, see func(Event)) error {
	client := &kafka.Client{Addr: kafka.TCP(broker), Timeout: 5 * time.Second}
	spans, err := extent(ctx, client, topic)
	if err != nil {
		return fmt.Errorf("find the end of %s: %w", topic, err)
	}
	for _, span := range spans {
		if err := replay(ctx, broker, topic, span, see); err != nil {
			return fmt.Errorf("replay %s: %w", topic, err)
		}
	}
	return nil
}

// extent asks for the first and the last offset of each partition.
func extent(ctx context.Context, client *kafka.Client, topic string) ([]kafka.PartitionOffsets, error) {
	metadata, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{topic}})
	if err != nil {
		return nil, err
	}
	var ask []kafka.OffsetRequest
	for _, partition := range metadata.Topics[0].Partitions {
		ask = append(ask, kafka.FirstOffsetOf(partition.ID), kafka.LastOffsetOf(partition.ID))
	}
	answer, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{
		Topics: map[string][]kafka.OffsetRequest{topic: ask},
	})
	if err != nil {
		return nil, err
	}
	for _, span := range answer.Topics[topic] {
		if span.Error != nil {
			return nil, span.Error
		}
	}
	return answer.Topics[topic], nil
}

func replay(ctx context.Context, broker, topic string, span kafka.PartitionOffsets, see func(Event)) error {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{broker}, Topic: topic, Partition: span.Partition, MaxWait: 100 * time.Millisecond,
	})
	defer reader.Close()
	if err := reader.SetOffset(span.FirstOffset); err != nil {
		return err
	}
	for next := span.FirstOffset; next < span.LastOffset; {
		message, err := reader.ReadMessage(ctx)
		if err != nil {
			return err
		}
		next = message.Offset + 1
		var e Event
		if json.Unmarshal(message.Value, &e) != nil {
			continue // not an event
		}
		see(e)
	}
	return nil
}
