// Command produce publishes events. It reads them from stdin, one JSON object
// a line, and prints {"stored":"e-17"} for each event that Kafka has stored:
//
//	echo '{"id":"e-1","order":"order-7","kind":"placed"}' | go run ./produce -topic orders
package main

import (
	"bufio"
	"context"
	"flag"
	"log/slog"
	"os"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

type options struct {
	topic    string
	bound    int           // events accepted and not yet stored, at most
	patience time.Duration // for what is not stored when stdin ends
}

func main() {
	var o options
	flag.StringVar(&o.topic, "topic", "orders", "where to publish")
	flag.IntVar(&o.bound, "bound", 100, "how many accepted events may wait to be stored")
	flag.DurationVar(&o.patience, "patience", 5*time.Second, "how long to go on sending when stdin has ended")
	flag.Parse()

	writer := newWriter(o.topic)
	defer writer.Close()
	visits := newVisits(o.topic)
	defer visits.Close()
	if err := publish(context.Background(), writer, visits); err != nil {
		slog.Error("events are lost", "err", err)
		os.Exit(1)
	}
}

// publish sends each line of stdin as one message.
func publish(ctx context.Context, orders, visits *kafka.Writer) error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		e, err := event.Parse(lines.Bytes())
		if err != nil {
			return err
		}
		writer := orders
		if e.Order == "" {
			writer = visits
		}
		if err := writer.WriteMessages(ctx, message(e, lines.Bytes())); err != nil {
			return err
		}
		event.Say(map[string]string{"stored": e.ID})
	}
	return lines.Err()
}
