package main

import (
	"os"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

// message makes the Kafka message of an event; value is the event as JSON.
func message(e event.Event, value []byte) kafka.Message {
	return kafka.Message{Key: []byte(e.Customer), Value: value}
}

// newWriter opens the way to the topic. It sends each message alone, so that
// none waits for another.
func newWriter(topic string) *kafka.Writer {
	return &kafka.Writer{
		Addr:         kafka.TCP(os.Getenv("KAFKA")),
		Topic:        topic,
		Balancer:     &kafka.Hash{},
		RequiredAcks: kafka.RequireAll,
		BatchSize:    1,
	}
}
