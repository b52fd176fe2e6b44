package event

import (
	"context"
	"fmt"
	"slices"

	"github.com/segmentio/kafka-go"
)

// toDeadLetters puts a message that could not be handled on the topic DeadLetters,
// where somebody can find out why, and reports whether it did. Until then the
// messages after it wait, and when ctx ends the message was not handled.
func toDeadLetters(ctx context.Context, letters *Publisher, group string, message kafka.Message) bool {
	for try := 1; ctx.Err() == nil; try++ {
		err := letters.send(ctx, kafka.Message{
			Topic: DeadLetters, Key: message.Key, Value: message.Value,
			Headers: append(slices.Clone(message.Headers),
				kafka.Header{Key: "dead-letter-group", Value: []byte(group)},
				kafka.Header{Key: "dead-letter-from", Value: fmt.Appendf(nil, "%s/%d/%d", message.Topic, message.Partition, message.Offset)}),
		})
		if err == nil {
			return true
		}
		pause(ctx, try, "dead letter", err)
	}
	return false
}
