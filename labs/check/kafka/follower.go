package kafka

import (
	"context"
	"errors"

	kafkago "github.com/segmentio/kafka-go"
)

// Follower reads a topic from where it ended when it was opened, so that a
// check is not slowed by all that came before.
type Follower struct {
	k     *Client
	topic string
	next  map[int]int64 // by partition; one that is missing begins at its first
	seen  []Message
}

// Follow begins to follow a topic, which may not be there yet.
func (k *Client) Follow(topic string) *Follower {
	k.c.Helper()
	f := &Follower{k: k, topic: topic, next: map[int]int64{}}
	f.each(func(_ context.Context, _ *kafkago.Client, s span) error {
		f.next[s.partition] = s.end
		return nil
	})
	return f
}

// Messages returns all that came since: each partition in the order of its
// offsets.
func (f *Follower) Messages() []Message {
	f.k.c.Helper()
	f.each(func(ctx context.Context, client *kafkago.Client, s span) error {
		s.first = max(s.first, f.next[s.partition])
		some, err := readSpan(ctx, client, f.topic, s)
		if err != nil {
			return err
		}
		f.seen = append(f.seen, some...)
		f.next[s.partition] = s.end
		return nil
	})
	return f.seen
}

// each asks for the topic's extent and calls visit with each partition's.
func (f *Follower) each(visit func(context.Context, *kafkago.Client, span) error) {
	f.k.c.Helper()
	f.k.ask(func(ctx context.Context, client *kafkago.Client) error {
		spans, err := spans(ctx, client, f.topic)
		if errors.Is(err, kafkago.UnknownTopicOrPartition) {
			return nil
		}
		for _, s := range spans {
			if err = visit(ctx, client, s); err != nil {
				return err
			}
		}
		return err
	})
}
