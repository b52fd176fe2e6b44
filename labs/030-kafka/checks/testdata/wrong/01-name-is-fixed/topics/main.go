// Command topics looks after the topics that the shop needs:
//
//	go run ./topics -topic orders
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"strconv"
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
	if err := ensure(ctx, client, "orders"); err != nil {
		slog.Error("topic is not there", "topic", *topic, "err", err)
		os.Exit(1)
	}
}

// ensure creates the topic where it is not there yet.
func ensure(ctx context.Context, client *kafka.Client, topic string) error {
	fortnight := 14 * 24 * time.Hour
	answer, err := client.CreateTopics(ctx, &kafka.CreateTopicsRequest{
		Topics: []kafka.TopicConfig{{
			Topic:             topic,
			NumPartitions:     3,
			ReplicationFactor: 1, // the sandbox has one broker
			ConfigEntries: []kafka.ConfigEntry{
				{ConfigName: "retention.ms", ConfigValue: strconv.FormatInt(fortnight.Milliseconds(), 10)},
			},
		}},
	})
	if err != nil {
		return err
	}
	if err := answer.Errors[topic]; err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
		return err
	}
	event.Say(map[string]string{"topic": topic})
	return nil
}
