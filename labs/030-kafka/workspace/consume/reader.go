package main

import (
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

// newReader opens a view of the topic: of partition 0, from its first message.
//
// The times are short for this sandbox: after two seconds without a heartbeat
// the broker counts a member as gone. kafka-go's defaults are 30 s, and a
// heartbeat every 3 s.
func newReader(o options) *kafka.Reader {
	return kafka.NewReader(kafka.ReaderConfig{
		Brokers:           []string{os.Getenv("KAFKA")},
		Topic:             o.topic,
		Partition:         0,
		StartOffset:       kafka.FirstOffset,
		MaxWait:           100 * time.Millisecond,
		SessionTimeout:    2 * time.Second,
		RebalanceTimeout:  2 * time.Second,
		HeartbeatInterval: 100 * time.Millisecond,
		JoinGroupBackoff:  100 * time.Millisecond,
	})
}
