package event

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"time"

	"github.com/segmentio/kafka-go"
)

// Replay calls see for every event that is on the topic now: it asks where
// each partition ends, and reads so far as a group that nobody had before.
func Replay(ctx context.Context, broker, topic string, see func(Event)) error {
	client := &kafka.Client{Addr: kafka.TCP(broker), Timeout: 5 * time.Second}
	var ask []kafka.OffsetRequest
	partitions, err := kafka.LookupPartitions(ctx, "tcp", broker, topic)
	if err != nil {
		return err
	}
	for _, p := range partitions {
		ask = append(ask, kafka.FirstOffsetOf(p.ID), kafka.LastOffsetOf(p.ID))
	}
	found, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{topic: ask}})
	if err != nil {
		return err
	}
	left := map[int]int64{}
	for _, p := range found.Topics[topic] {
		if p.FirstOffset < p.LastOffset {
			left[p.Partition] = p.LastOffset
		}
	}
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{broker}, Topic: topic, GroupID: "rebuild-" + rand.Text(), StartOffset: kafka.FirstOffset,
		MaxWait: 100 * time.Millisecond, JoinGroupBackoff: 100 * time.Millisecond,
	})
	defer reader.Close()
	for len(left) > 0 {
		message, err := reader.FetchMessage(ctx)
		if err != nil {
			return err
		}
		end, open := left[message.Partition]
		if !open || message.Offset >= end {
			continue
		}
		if message.Offset == end-1 {
			delete(left, message.Partition)
		}
		var e Event
		if json.Unmarshal(message.Value, &e) == nil {
			see(e)
		}
	}
	return nil
}
