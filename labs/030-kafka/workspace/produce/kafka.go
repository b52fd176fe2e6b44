package main

import (
	"os"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

// message makes the Kafka message of an event; line is the event as it came.
func message(e event.Event, line []byte) kafka.Message {
	return kafka.Message{Value: append([]byte(nil), line...)}
}

// newWriter opens the way to the topic. A Writer collects messages for
// BatchTimeout before it sends them; its default is a second.
func newWriter(topic string) *kafka.Writer {
	return &kafka.Writer{
		Addr:         kafka.TCP(os.Getenv("KAFKA")),
		Topic:        topic,
		BatchTimeout: 5 * time.Millisecond,
		ReadTimeout:  time.Second,
		WriteTimeout: time.Second,
	}
}
