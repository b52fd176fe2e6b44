package event

import (
	"context"
	"encoding/json"
	"time"

	"github.com/segmentio/kafka-go"
)

// Replay reads as a group: the second time it goes on where the first ended.
func Replay(ctx context.Context, broker, topic string, see func(Event)) error {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{broker}, GroupID: "rebuild", Topic: topic,
		StartOffset: kafka.FirstOffset, MaxWait: 100 * time.Millisecond, JoinGroupBackoff: 100 * time.Millisecond,
	})
	defer reader.Close()
	for {
		short, cancel := context.WithTimeout(ctx, time.Second)
		message, err := reader.ReadMessage(short)
		cancel()
		if err != nil {
			return nil // nothing more for a second
		}
		var e Event
		if json.Unmarshal(message.Value, &e) != nil {
			continue
		}
		see(e)
	}
}
