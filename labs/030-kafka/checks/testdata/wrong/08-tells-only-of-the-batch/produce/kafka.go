package main

import (
	"os"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

// message makes the Kafka message of an event; line is the event as it came.
// The order is the key, so that all that happens to one order is in one
// partition. What belongs to no order has no key.
func message(e event.Event, line []byte) kafka.Message {
	m := kafka.Message{Value: append([]byte(nil), line...)}
	if e.Order != "" {
		m.Key = []byte(e.Order)
	}
	return m
}

// newWriter opens the way to the topic. A Writer collects messages for
// BatchTimeout before it sends them; its default is a second. It tries once,
// because we try again ourselves and want to hear of each failure. What we write
// at a time is one batch for each partition: of two, the second could be stored
// though the first failed.
func newWriter(topic string) *kafka.Writer {
	return &kafka.Writer{
		Addr:         kafka.TCP(os.Getenv("KAFKA")),
		Topic:        topic,
		Balancer:     &kafka.Hash{},
		RequiredAcks: kafka.RequireAll,
		BatchTimeout: 5 * time.Millisecond,
		ReadTimeout:  time.Second,
		WriteTimeout: time.Second,
		MaxAttempts:  1,
		BatchSize:    maxEvents,
		BatchBytes:   2 * maxEvents * maxLine,
	}
}
