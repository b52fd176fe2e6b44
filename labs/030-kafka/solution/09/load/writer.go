package main

import (
	"os"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

// message makes the Kafka message of an event; value is the event as JSON. The
// order is the key: its events have to stay in order, and no order has so many
// that they would fill a partition.
func message(e event.Event, value []byte) kafka.Message {
	return kafka.Message{Key: []byte(e.Order), Value: value}
}

// newWriter opens the way to the topic. A batch goes as soon as it is full, or
// 10 ms after its first message. It is compressed as a whole, so that a fuller
// batch gets smaller.
func newWriter(topic string) *kafka.Writer {
	return &kafka.Writer{
		Addr:         kafka.TCP(os.Getenv("KAFKA")),
		Topic:        topic,
		Balancer:     &kafka.Hash{},
		RequiredAcks: kafka.RequireAll,
		BatchSize:    200,
		BatchTimeout: 10 * time.Millisecond,
		Compression:  kafka.Lz4,
	}
}
