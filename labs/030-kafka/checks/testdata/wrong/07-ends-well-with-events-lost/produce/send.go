package main

import (
	"context"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

// send stores what is put into the queue until nothing more comes, or until a
// write fails.
func send(ctx context.Context, writer *kafka.Writer, queue *queue) error {
	for {
		events := queue.more(nil)
		if len(events) == 0 {
			return nil
		}
		messages := make([]kafka.Message, len(events))
		for i, p := range events {
			messages[i] = p.message
		}
		if err := writer.WriteMessages(ctx, messages...); err != nil {
			return err
		}
		for _, p := range events {
			event.Say(map[string]string{"stored": p.id})
			queue.leave()
		}
	}
}
