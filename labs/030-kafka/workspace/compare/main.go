// Command compare places orders in two ways and draws how long each takes:
// through a chain of calls, and by publishing an event. Its first line is
// JSON, with the medians in milliseconds; the rest is the picture:
//
//	go run ./compare -topic orders -n 20
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"shop/event"
)

func main() {
	topic := flag.String("topic", "orders", "where to publish")
	n := flag.Int("n", 20, "how many orders to place in each way")
	flag.Parse()
	if err := compare(context.Background(), *topic, *n); err != nil {
		slog.Error("compare failed", "err", err)
		os.Exit(1)
	}
}

func compare(ctx context.Context, topic string, n int) error {
	services := startServices()
	defer services.close()
	chain, err := measure(n, func(order string) error { return services.callAll(ctx, order) })
	if err != nil {
		return err
	}
	publisher := newPublisher(topic)
	publish, err := measure(n, func(order string) error { return publisher.place(ctx, order) })
	if err := errors.Join(err, publisher.close()); err != nil {
		return err
	}
	event.Say(map[string]any{"orders": n, "chain_ms": chain, "publish_ms": publish})
	draw("chain of calls", chain, max(chain, publish))
	draw("publish and go", publish, max(chain, publish))
	return nil
}

// measure places n orders one after the other and returns the median of the
// times they take, in milliseconds.
func measure(n int, place func(order string) error) (float64, error) {
	var took []float64
	for i := range n {
		begin := time.Now()
		if err := place(fmt.Sprintf("order-%d", i)); err != nil {
			return 0, err
		}
		took = append(took, float64(time.Since(begin).Microseconds())/1000)
	}
	slices.Sort(took)
	return took[n/2], nil
}

// draw prints one bar; longest fills the width.
func draw(name string, ms, longest float64) {
	width := int(40*ms/longest + 0.5)
	fmt.Printf("%s  %s %.1f ms\n", name, strings.Repeat("█", max(width, 1)), ms)
}
