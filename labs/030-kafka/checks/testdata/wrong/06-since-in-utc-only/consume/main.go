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
	slog.Info("consuming", "topic", o.topic, "group", o.group)
	// Close tells the group that we leave.
	if err := errors.Join(consume(ctx, reader, o.work), reader.Close()); err != nil {
		slog.Error("consuming ended", "err", err)
		os.Exit(1)
	}
}

// consume handles one message after the other until ctx ends. An offset is
// committed when the work is done, and never before: after a crash in between
// the work is done twice, but none is left out.
func consume(ctx context.Context, reader *kafka.Reader, work time.Duration) error {
	for ctx.Err() == nil {
		m, err := reader.FetchMessage(ctx)
		if ctx.Err() != nil && err != nil {
			return nil
		}
		if err != nil {
			return err
		}
		handle(m, work)
		if err := commit(reader, m); err != nil {
			return err
		}
	}
	return nil
}

// commit remembers that the message is done. It does not end with the
// process: what is done is done, also when we were asked to stop meanwhile.
func commit(reader *kafka.Reader, m kafka.Message) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return reader.CommitMessages(ctx, m)
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
