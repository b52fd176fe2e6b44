// Command produce publishes events with single requests, and chooses the
// partition itself.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"hash/crc32"
	"log"
	"os"

	"github.com/segmentio/kafka-go"
)

func main() {
	topic := flag.String("topic", "orders", "where to publish")
	flag.Parse()
	ctx := context.Background()
	client := &kafka.Client{Addr: kafka.TCP(os.Getenv("KAFKA"))}
	partitions, err := kafka.LookupPartitions(ctx, "tcp", os.Getenv("KAFKA"), *topic)
	if err != nil {
		log.Fatal(err)
	}
	turn := 0
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var e struct{ ID, Order string }
		if err := json.Unmarshal(in.Bytes(), &e); err != nil {
			log.Fatal(err)
		}
		record := kafka.Record{Value: kafka.NewBytes([]byte(in.Text()))}
		partition := turn % len(partitions)
		if e.Order == "" {
			turn++
		} else {
			record.Key = kafka.NewBytes([]byte(e.Order))
			partition = int(crc32.ChecksumIEEE([]byte(e.Order))) % len(partitions)
		}
		answer, err := client.Produce(ctx, &kafka.ProduceRequest{
			Topic: *topic, Partition: partition, RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(record),
		})
		if err == nil {
			err = answer.Error
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("{\"stored\":%q}\n", e.ID)
	}
}
