package main

import (
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

// newReader joins the group, which shares the topic's partitions out among its
// members. A new group begins at the first message.
//
// The times are short for this sandbox: after two seconds without a heartbeat
// the broker counts a member as gone. kafka-go's defaults are 30 s, and a
// heartbeat every 3 s.
func newReader(o options) *kafka.Reader {
	return kafka.NewReader(kafka.ReaderConfig{
		Brokers:           []string{os.Getenv("KAFKA")},
		Topic:             o.topic,
		GroupID:           "delivery",
		StartOffset:       kafka.FirstOffset,
		MaxWait:           100 * time.Millisecond,
		SessionTimeout:    2 * time.Second,
		RebalanceTimeout:  2 * time.Second,
		HeartbeatInterval: 100 * time.Millisecond,
		JoinGroupBackoff:  100 * time.Millisecond,
	})
}
