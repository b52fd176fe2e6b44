// Command topics looks after the topics that the shop needs:
//
//	go run ./topics -topic orders
package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

func main() {
	topic := flag.String("topic", "orders", "the topic that the shop needs")
	flag.Parse()

	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	client := &kafka.Client{Addr: kafka.TCP(os.Getenv("KAFKA"))}
	if err := ensure(ctx, client, *topic); err != nil {
		slog.Error("topic is not there", "topic", *topic, "err", err)
		os.Exit(1)
	}
}

// ensure sees to it that the topic is there. So far it prints the topics that
// the broker has, and leaves it at that.
func ensure(ctx context.Context, client *kafka.Client, topic string) error {
	answer, err := client.Metadata(ctx, &kafka.MetadataRequest{})
	if err != nil {
		return err
	}
	for _, t := range answer.Topics {
		event.Say(map[string]any{"topic": t.Name, "partitions": len(t.Partitions), "wanted": t.Name == topic})
	}
	return nil
}
