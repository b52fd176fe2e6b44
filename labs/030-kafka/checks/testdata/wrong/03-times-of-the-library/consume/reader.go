package main

import (
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

// newReader joins the group, which shares the topic's partitions out among its
// members. A new group begins at the first message.
//
// The times are for a bench: a group sees within two seconds that a member is
// gone. In a data centre they would be the defaults, 30 s and 3 s.
func newReader(o options) *kafka.Reader {
	return kafka.NewReader(kafka.ReaderConfig{
		Brokers:           []string{os.Getenv("KAFKA")},
		Topic:             o.topic,
		GroupID:           o.group,
		StartOffset:       kafka.FirstOffset,
		MaxWait:           100 * time.Millisecond,
		HeartbeatInterval: 100 * time.Millisecond,
		JoinGroupBackoff:  100 * time.Millisecond,
	})
}
