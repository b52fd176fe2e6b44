// Command load publishes the events of a busy day as fast as it can, and prints
// how many of them Kafka stores in a second:
//
//	go run ./load -topic busy -orders 5000
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

// senders is how many customers use the shop at the same time.
const senders = 1000

func main() {
	topic := flag.String("topic", "busy", "where to publish")
	orders := flag.Int("orders", 5000, "how many orders are placed, paid and shipped")
	flag.Parse()
	if err := load(context.Background(), *topic, *orders); err != nil {
		slog.Error("load failed", "err", err)
		os.Exit(1)
	}
}

func load(ctx context.Context, topic string, orders int) error {
	writer := newWriter(topic)
	begin := time.Now()
	if err := placeAll(ctx, writer, orders); err != nil {
		return err
	}
	took, stats := time.Since(begin), writer.Stats()
	event.Say(map[string]any{
		"events":      stats.Messages,
		"per_second":  int(float64(stats.Messages) / took.Seconds()),
		"per_request": stats.BatchSize.Avg,
	})
	return writer.Close()
}

// placeAll places the orders, as many at the same time as there are senders.
func placeAll(ctx context.Context, writer *kafka.Writer, orders int) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	next := make(chan int, orders)
	for n := range orders {
		next <- n
	}
	close(next)
	var sending sync.WaitGroup
	for range senders {
		sending.Go(func() {
			for n := range next {
				if err := place(ctx, writer, n); err != nil {
					fail(err)
				}
			}
		})
	}
	sending.Wait()
	return context.Cause(ctx)
}

// place publishes what happens to one order. Each event waits until the one
// before it is stored.
func place(ctx context.Context, writer *kafka.Writer, n int) error {
	customer := "customer-0" // a company that orders for all of its offices: four orders in five
	if n%5 == 0 {
		customer = fmt.Sprintf("customer-%d", n)
	}
	for _, kind := range []string{"placed", "paid", "shipped"} {
		e := event.Event{ID: fmt.Sprintf("e-%d-%s", n, kind), Order: fmt.Sprintf("order-%d", n), Customer: customer, Kind: kind}
		value, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if err := writer.WriteMessages(ctx, message(e, value)); err != nil {
			return err
		}
	}
	return nil
}
