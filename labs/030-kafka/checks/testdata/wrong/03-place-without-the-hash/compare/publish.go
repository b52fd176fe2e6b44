package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"os"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

// publisher places orders by publishing events.
type publisher struct {
	writer *kafka.Writer
}

// newPublisher opens the way to the topic. With one message a batch a Writer
// does not wait for a second one.
func newPublisher(topic string) *publisher {
	return &publisher{writer: &kafka.Writer{
		Addr:         kafka.TCP(os.Getenv("KAFKA")),
		Topic:        topic,
		RequiredAcks: kafka.RequireAll,
		BatchSize:    1,
	}}
}

func (p *publisher) close() error { return p.writer.Close() }

// place publishes that the order was placed, and returns when Kafka has stored
// it. Who wants to know hears of it later, and nobody waits for them.
func (p *publisher) place(ctx context.Context, order string) error {
	value, err := json.Marshal(event.Event{ID: rand.Text(), Order: order, Kind: "placed"})
	if err != nil {
		return err
	}
	return p.writer.WriteMessages(ctx, kafka.Message{Key: []byte(order), Value: value})
}
