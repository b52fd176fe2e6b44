// Command produce publishes events, also while Kafka is away. It reads them
// from stdin, one JSON object a line, and answers each line at once with
// {"accepted":"e-17"}, {"refused":"e-17"} or {"rejected":3}, the number of the
// line. What becomes of an accepted event it prints later: {"stored":"e-17"} or
// {"unsent":"e-17"}:
//
//	echo '{"id":"e-1","order":"order-7","kind":"placed"}' | go run ./produce -topic orders
package main

import (
	"context"
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

	ctx, giveUp := context.WithCancel(context.Background())
	defer giveUp()
	queue := newQueue(o.bound)
	sender := &sender{writer: newWriter(o.topic), queue: queue}
	done := make(chan struct{})
	go func() {
		defer close(done)
		sender.run(ctx)
	}()
	err := accept(os.Stdin, queue)
	if err != nil {
		slog.Error("stdin cannot be read", "err", err)
	}
	queue.close()
	time.AfterFunc(o.patience, giveUp)
	<-done
	if err != nil || sender.unsent > 0 {
		os.Exit(1)
	}
}
