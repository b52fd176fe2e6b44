package main

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"shop/event"
	"shop/trace"
)

// listen calls handle for each answer that comes from now on.
func listen(ctx context.Context, broker string, handle event.Handler) {
	var readers sync.WaitGroup
	for partition := range 3 {
		readers.Go(func() {
			reader := kafka.NewReader(kafka.ReaderConfig{
				Brokers: []string{broker}, Topic: event.Stock, Partition: partition, MaxWait: 250 * time.Millisecond,
			})
			defer reader.Close()
			reader.SetOffset(kafka.LastOffset)
			for ctx.Err() == nil {
				m, err := reader.ReadMessage(ctx)
				var e event.Event
				if err != nil || json.Unmarshal(m.Value, &e) != nil {
					continue
				}
				handle(trace.With(ctx, ""), e)
			}
		})
	}
	readers.Wait()
}
