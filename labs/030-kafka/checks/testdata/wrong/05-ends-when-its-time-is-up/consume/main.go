// Command consume handles events until it is told to end. It prints
// {"handled":"e-17","partition":1,"offset":5} when the work for one is done:
//
//	go run ./consume -topic orders -group delivery
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

type options struct {
	topic string
	group string
	work  time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.topic, "topic", "orders", "what to consume")
	flag.StringVar(&o.group, "group", "delivery", "the group that this process belongs to")
	flag.DurationVar(&o.work, "work", 0, "how long the work for one event takes")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	reader := newReader(o)
	go func() {
		<-ctx.Done()
		time.Sleep(2500 * time.Millisecond)
		reader.Close()
		os.Exit(0)
	}()
	slog.Info("consuming", "topic", o.topic, "group", o.group)
	// Close tells the group that we leave.
	if err := errors.Join(consume(ctx, reader, o.work), reader.Close()); err != nil {
		slog.Error("consuming ended", "err", err)
		os.Exit(1)
	}
}

// consume handles one message after the other until ctx ends. The work in
// hand is finished.
func consume(ctx context.Context, reader *kafka.Reader, work time.Duration) error {
	for ctx.Err() == nil {
		m, err := reader.ReadMessage(ctx)
		if ctx.Err() != nil && err != nil {
			return nil
		}
		if err != nil {
			return err
		}
		handle(m, work)
	}
	return nil
}

// handle does the work for one event, and says so when it is done.
func handle(m kafka.Message, work time.Duration) {
	e, err := event.Parse(m.Value)
	if err != nil {
		slog.Warn("not an event", "partition", m.Partition, "offset", m.Offset, "err", err)
		return
	}
	time.Sleep(work) // packing, printing the label, calling the courier
	event.Say(map[string]any{"handled": e.ID, "partition": m.Partition, "offset": m.Offset})
}
