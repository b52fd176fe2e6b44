package kafka

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	kafkago "github.com/segmentio/kafka-go"
)

func TestFollowerSeesOnlyWhatCameSince(t *testing.T) {
	k := broker(t)
	early := k.Follow("orders") // is not there yet
	if got := early.Messages(); len(got) != 0 {
		t.Errorf("a topic that is not there: got %v", got)
	}
	k.CreateTopic("orders", 2)
	k.ProduceTo("orders", 0, Message{Value: "a"})
	late := k.Follow("orders")
	k.ProduceTo("orders", 1, Message{Value: "b"})
	if diff := cmp.Diff([]string{"a", "b"}, values(early.Messages())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"b"}, values(late.Messages())); diff != "" {
		t.Error(diff)
	}
	k.ProduceTo("orders", 0, Message{Value: "c"})
	if diff := cmp.Diff([]string{"b", "c"}, values(late.Messages())); diff != "" {
		t.Error(diff)
	}
}

// What comes between the question how much there is and the answer what it is
// would be seen twice, now and at the next look.
func TestWhatCameSinceTheQuestionIsLeftToTheNext(t *testing.T) {
	k := broker(t)
	k.CreateTopic("orders", 1)
	k.ProduceTo("orders", 0, Message{Value: "a"}, Message{Value: "b"}, Message{Value: "c"})
	k.ask(func(ctx context.Context, client *kafkago.Client) error {
		got, err := readSpan(ctx, client, "orders", span{partition: 0, first: 1, end: 2})
		if diff := cmp.Diff([]string{"b"}, values(got)); diff != "" {
			t.Error(diff)
		}
		return err
	})
}

func values(messages []Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Value)
	}
	return all
}
