// Command produce publishes events. It reads them from stdin, one JSON object
// a line, and answers each line at once with {"accepted":"e-17"},
// {"refused":"e-17"} or {"rejected":3}, the number of the line. It prints
// {"stored":"e-17"} when Kafka has the event:
//
//	echo '{"id":"e-1","order":"order-7","kind":"placed"}' | go run ./produce -topic orders
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"time"
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

	queue := newQueue(o.bound)
	sent := make(chan error, 1)
	go func() { sent <- send(context.Background(), newWriter(o.topic), queue) }()
	err := accept(os.Stdin, queue)
	queue.close()
	if err := errors.Join(err, <-sent); err != nil {
		slog.Error("events are lost", "err", err)
	}
}
