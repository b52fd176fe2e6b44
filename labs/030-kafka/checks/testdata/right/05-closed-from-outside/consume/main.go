// Command consume handles events until it is told to end. It prints
// {"handled":"e-17","partition":1,"offset":5} when the work for one is done:
//
//	go run ./consume -topic orders -group delivery
package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

var (
	asked  atomic.Bool
	ending sync.Mutex
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

	reader := newReader(o)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go func() {
		<-signals
		asked.Store(true)
		ending.Lock() // not before the work in hand is done
		if err := reader.Close(); err != nil {
			slog.Error("leave", "err", err)
			os.Exit(1)
		}
		os.Exit(0)
	}()
	slog.Info("consuming", "topic", o.topic, "group", o.group)
	if err := consume(context.Background(), reader, o.work); err != nil {
		slog.Error("consuming ended", "err", err)
		os.Exit(1)
	}
}

// consume handles one message after the other.
func consume(ctx context.Context, reader *kafka.Reader, work time.Duration) error {
	for {
		m, err := reader.FetchMessage(ctx)
		if err != nil || asked.Load() {
			select {} // it is closed, and the process is about to end
		}
		ending.Lock()
		handle(m, work)
		if err := reader.CommitMessages(ctx, m); err != nil {
			return err
		}
		ending.Unlock()
	}
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
