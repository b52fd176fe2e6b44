// Command replay reads a part of the log again with plain requests.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

var (
	topic     = flag.String("topic", "orders", "what to read again")
	partition = flag.Int("partition", 0, "which partition, with -offset")
	offset    = flag.Int64("offset", 0, "where in the partition to begin")
	since     = flag.String("since", "", "read all partitions from this time on (RFC 3339)")
	client    = &kafka.Client{Addr: kafka.TCP(os.Getenv("KAFKA"))}
)

func main() {
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	from := time.Time{}
	if *since != "" {
		var err error
		if from, err = time.Parse(time.RFC3339, *since); err != nil {
			log.Fatal(err)
		}
	}
	if *since == "" {
		read(ctx, *partition, *offset, from)
		return
	}
	answer, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{*topic}})
	if err != nil {
		log.Fatal(err)
	}
	if err := answer.Topics[0].Error; err != nil {
		log.Fatal(err)
	}
	for _, p := range answer.Topics[0].Partitions {
		read(ctx, p.ID, 0, from)
	}
}

// read prints what is not older than from, up to the end of the partition.
func read(ctx context.Context, partition int, next int64, from time.Time) {
	for end := next + 1; next < end; {
		answer, err := client.Fetch(ctx, &kafka.FetchRequest{
			Topic: *topic, Partition: partition, Offset: next, MinBytes: 1, MaxBytes: 1 << 20, MaxWait: 50 * time.Millisecond,
		})
		if err != nil {
			log.Fatal(err)
		}
		if end = answer.HighWatermark; end == 0 {
			return
		}
		for {
			record, err := answer.Records.ReadRecord()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				log.Fatal(err)
			}
			if record.Offset >= next && !record.Time.Before(from) {
				say(partition, record)
			}
			next = max(next, record.Offset+1)
		}
	}
}

func say(partition int, record *kafka.Record) {
	value, err := kafka.ReadAll(record.Value)
	if err != nil {
		log.Fatal(err)
	}
	var e struct{ ID string }
	if err := json.Unmarshal(value, &e); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("{\"replayed\":%q,\"partition\":%d,\"offset\":%d}\n", e.ID, partition, record.Offset)
}
