package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

// send stores what is put into the queue until nothing more comes, or until
// ctx ends; it returns what it could not store.
func send(ctx context.Context, writer *kafka.Writer, queue *queue) []pending {
	var left []pending
	for {
		left = queue.more(left)
		if len(left) == 0 {
			return nil
		}
		left = store(ctx, writer, queue, left)
		if ctx.Err() != nil {
			return queue.more(left)
		}
	}
}

// store writes events once and returns those that Kafka did not confirm, in
// their order. One of them may be stored all the same, when it was the answer
// that was lost: it will be stored twice.
func store(ctx context.Context, writer *kafka.Writer, queue *queue, events []pending) (left []pending) {
	messages := make([]kafka.Message, len(events))
	for i, p := range events {
		messages[i] = p.message
	}
	err := writer.WriteMessages(ctx, messages...)
	var each kafka.WriteErrors
	apart := errors.As(err, &each)
	for i, p := range events {
		if err == nil || apart && each[i] == nil {
			event.Say(map[string]string{"stored": p.id})
			queue.leave()
		} else {
			left = append(left, p)
		}
	}
	if len(left) > 0 {
		slog.Warn("not stored yet", "events", len(left), "err", err)
		time.Sleep(100 * time.Millisecond)
	}
	return left
}
