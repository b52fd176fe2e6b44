package event

import (
	"context"
	"fmt"
	"time"

	"github.com/segmentio/kafka-go"
)

// Ends says for each partition of the topic at which offset the next event will be:
// all below that are there.
func Ends(ctx context.Context, broker string) (map[int]int64, error) {
	transport := &kafka.Transport{} // of its own: nothing is left of it from before Kafka was restarted
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: kafka.TCP(broker), Transport: transport, Timeout: 3 * time.Second}
	var ask []kafka.OffsetRequest
	for partition := range Partitions {
		ask = append(ask, kafka.LastOffsetOf(partition))
	}
	answer, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{Orders: ask}})
	if err != nil {
		return nil, fmt.Errorf("find the end of the topic: %w", err)
	}
	ends := map[int]int64{}
	for _, partition := range answer.Topics[Orders] {
		if partition.Error != nil {
			return nil, fmt.Errorf("find the end of partition %d: %w", partition.Partition, partition.Error)
		}
		ends[partition.Partition] = partition.LastOffset
	}
	return ends, nil
}
