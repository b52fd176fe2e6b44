// Command produce publishes events, also while Kafka is away. It reads them
// from stdin, one JSON object a line, and prints a line for each thing that
// becomes of an event: {"accepted":"e-17"}, {"refused":"e-17"},
// {"stored":"e-17"} or {"unsent":"e-17"}:
//
//	echo '{"id":"e-1","order":"order-7","kind":"placed"}' | go run ./produce -topic orders
package main

import (
	"bufio"
	"context"
	"flag"
	"io"
	"log/slog"
	"os"
	"time"

	"shop/event"
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
	go func() {
		if err := accept(os.Stdin, queue); err != nil {
			slog.Error("stdin is not read on", "err", err)
		}
		queue.close()
	}()
	left := send(ctx, newWriter(o.topic), queue)
	for _, p := range left {
		event.Say(map[string]string{"unsent": p.id})
	}
	if len(left) > 0 {
		os.Exit(1)
	}
}

// accept answers each line of stdin at once: an event that there is no room
// for is refused, while whoever sent it is still there to hear it.
func accept(in io.Reader, queue *queue) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		e, err := event.Parse(lines.Bytes())
		if err != nil {
			return err
		}
		if !queue.enter() {
			event.Say(map[string]string{"refused": e.ID})
			continue
		}
		event.Say(map[string]string{"accepted": e.ID})
		queue.put(pending{id: e.ID, message: message(e, lines.Bytes())})
	}
	return lines.Err()
}
