package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

const backoff = 100 * time.Millisecond

// sender stores what is put into the queue.
type sender struct {
	writer *kafka.Writer
	queue  *queue
	unsent int // events that were given up
}

// run stores events until nothing more comes, or until ctx ends; then it gives
// up what is left.
func (s *sender) run(ctx context.Context) {
	var left []pending
	for {
		if left = s.queue.more(left); len(left) == 0 {
			return
		}
		if left = s.store(ctx, left); len(left) > 0 {
			select {
			case <-time.After(backoff):
			case <-ctx.Done():
			}
		}
		if ctx.Err() != nil {
			for _, p := range left {
				s.giveUp(p)
			}
			for range s.queue.waiting {
				s.unsent++
			}
			return
		}
	}
}

// store writes events once and returns those to send again, in their order. One
// of them may be stored all the same, if only the answer was lost: it will be
// stored twice.
func (s *sender) store(ctx context.Context, events []pending) (left []pending) {
	messages := make([]kafka.Message, len(events))
	for i, p := range events {
		messages[i] = p.message
	}
	err := s.writer.WriteMessages(ctx, messages...)
	var each kafka.WriteErrors
	apart := errors.As(err, &each)
	tooLarge := errors.Is(err, kafka.MessageSizeTooLarge)
	for i, p := range events {
		switch {
		case err == nil, apart && each[i] == nil:
			event.Say(map[string]string{"stored": p.id})
			s.queue.leave()
		default:
			left = append(left, p)
			tooLarge = tooLarge || apart && errors.Is(each[i], kafka.MessageSizeTooLarge)
		}
	}
	switch {
	case len(left) == 0:
	case !tooLarge:
		slog.Warn("not stored yet", "events", len(left), "err", err)
	case len(events) > 1:
		return s.storeEach(ctx, left)
	default: // to send it again would not help, and hold up all others
		s.giveUp(left[0])
		return nil
	}
	return left
}

// storeEach writes events one by one: Kafka refuses a batch as a whole, and
// alone each shows whether it is too large. It stops at one that is to be sent
// again, so that no other overtakes it.
func (s *sender) storeEach(ctx context.Context, events []pending) (left []pending) {
	for i := range events {
		if len(s.store(ctx, events[i:i+1])) > 0 {
			return events[i:]
		}
	}
	return nil
}

// giveUp says that an event will not be stored.
func (s *sender) giveUp(p pending) {
	event.Say(map[string]string{"unsent": p.id})
	s.queue.leave()
	s.unsent++
}
