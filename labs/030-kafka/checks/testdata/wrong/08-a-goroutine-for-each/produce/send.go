package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"shop/event"

	"github.com/segmentio/kafka-go"
)

// sender stores what is put into the queue, each event in a goroutine of its
// own, so that none waits for another.
type sender struct {
	writer *kafka.Writer
	queue  *queue
	mutex  sync.Mutex
	unsent int
}

func (s *sender) run(ctx context.Context) {
	var sending sync.WaitGroup
	for p := range s.queue.waiting {
		sending.Go(func() { s.store(ctx, p) })
	}
	sending.Wait()
}

// store tries until the event is stored, or until ctx ends.
func (s *sender) store(ctx context.Context, p pending) {
	for ctx.Err() == nil {
		err := s.writer.WriteMessages(ctx, p.message)
		if err == nil {
			event.Say(map[string]string{"stored": p.id})
			s.queue.leave()
			return
		}
		var each kafka.WriteErrors
		if errors.As(err, &each) && errors.Is(each[0], kafka.MessageSizeTooLarge) {
			break
		}
		slog.Warn("not stored yet", "event", p.id, "err", err)
		time.Sleep(100 * time.Millisecond)
	}
	event.Say(map[string]string{"unsent": p.id})
	s.queue.leave()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.unsent++
}
