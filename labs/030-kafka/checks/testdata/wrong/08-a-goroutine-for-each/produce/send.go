package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

// send stores what is put into the queue, each event in a goroutine of its own
// so that none waits for another; it returns what it could not store.
func send(ctx context.Context, writer *kafka.Writer, queue *queue) []pending {
	var sending sync.WaitGroup
	var mutex sync.Mutex
	var left []pending
	for p := range queue.waiting {
		sending.Go(func() {
			if !store(ctx, writer, queue, p) {
				mutex.Lock()
				defer mutex.Unlock()
				left = append(left, p)
			}
		})
	}
	sending.Wait()
	return left
}

// store tries until the event is stored; false where ctx ended before.
func store(ctx context.Context, writer *kafka.Writer, queue *queue, p pending) bool {
	for ctx.Err() == nil {
		err := writer.WriteMessages(ctx, p.message)
		if err == nil {
			event.Say(map[string]string{"stored": p.id})
			queue.leave()
			return true
		}
		slog.Warn("not stored yet", "event", p.id, "err", err)
		time.Sleep(100 * time.Millisecond)
	}
	return false
}
