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
// to no group: it begins at the beginning each time, and commits nothing.
func Replay(ctx context.Context, broker, topic string, see func(Event)) error {
	partitions, err := extent(ctx, broker, topic)
	if err != nil {
		return fmt.Errorf("find the end of %s: %w", topic, err)
	}
	for _, partition := range partitions {
		if err := replay(ctx, broker, topic, partition, see); err != nil {
			return fmt.Errorf("read partition %d of %s: %w", partition.Partition, topic, err)
		}
	}
	return nil
}

// extent is where each partition begins and ends now. What is written later is
// not read: a topic in use has no other end.
func extent(ctx context.Context, broker, topic string) ([]kafka.PartitionOffsets, error) {
	transport := &kafka.Transport{} // of its own: nothing is left of it from before Kafka was restarted
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(broker), Transport: transport, Timeout: 3 * time.Second}
	known, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{topic}})
	if err != nil {
		return nil, err
	}
	var ask []kafka.OffsetRequest
	for _, partition := range known.Topics[0].Partitions {
		ask = append(ask, kafka.FirstOffsetOf(partition.ID), kafka.LastOffsetOf(partition.ID))
	}
	answer, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{topic: ask}})
	if err != nil {
		return nil, err
	}
	for _, partition := range answer.Topics[topic] {
		if partition.Error != nil {
			return nil, partition.Error
		}
	}
	return answer.Topics[topic], nil
}

// replay reads one partition. The last offset is that of the next message, so
// an empty partition has first and last alike, and nothing is waited for.
func replay(ctx context.Context, broker, topic string, in kafka.PartitionOffsets, see func(Event)) error {
	if in.FirstOffset >= in.LastOffset {
		return nil
	}
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{broker}, Topic: topic, Partition: in.Partition, MaxWait: 100 * time.Millisecond,
	})
	defer reader.Close()
	for next := in.FirstOffset; next < in.LastOffset; {
		message, err := reader.ReadMessage(ctx)
		if err != nil {
			return err
		}
		next = message.Offset + 1
		var e Event
		if json.Unmarshal(message.Value, &e) == nil { // else it is no event
			see(e)
		}
	}
	return nil
}
