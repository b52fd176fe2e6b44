package runtime

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"cnalab/labs"
)

// Spare keeps one ground started ahead: the next box that it fits stands on it.
type WarmPool[G Poolable] struct {
	New     func(ctx context.Context, lab *labs.Lab) (G, error) // one that is not started
	Matches func(g G, lab *labs.Lab) bool
	// After is how long after a box has opened the next spare is started, not to
	// take the processors from the learner's first build; Limit bounds the start.
	Delay, StartTimeout time.Duration

	mu     sync.Mutex
	ready  []G // one, or none
	timer  *time.Timer
	closed bool
}

// Ready is a ground that can be started before anyone asks for it.
type Poolable interface {
	Backend
	// Healthy reports whether it still answers.
	Healthy() bool
}

// Warm starts a spare for the lab, unless there is one, and returns when it
// answers.
func (s *WarmPool[G]) Fill(ctx context.Context, lab *labs.Lab) error {
	if len(NeedsOf(lab)) == 0 || s.has(lab) {
		return nil
	}
	g, err := s.New(ctx, lab)
	if err != nil {
		return err
	}
	err = g.Start(ctx, DiscardStages())
	if server := g.Databases(); err == nil && server != nil {
		err = server.Stock(ctx, len(lab.Services))
	}
	if err != nil {
		g.Close()
		return err
	}
	s.put(g)
	return nil
}

// has reports whether there is a spare for the lab, or nobody will want one.
func (s *WarmPool[G]) has(lab *labs.Lab) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed || len(s.ready) > 0 && s.Matches(s.ready[0], lab) && s.ready[0].Healthy()
}

// keep makes the ground the spare, in place of the one there may be.
func (s *WarmPool[G]) put(g G) {
	s.mu.Lock()
	old := s.ready
	if s.closed {
		old = []G{g}
	} else {
		s.ready = []G{g}
	}
	s.mu.Unlock()
	for _, g := range old {
		g.Close()
	}
}

// Take returns the spare where it fits the lab and still answers.
func (s *WarmPool[G]) Get(lab *labs.Lab) (g G, ok bool) {
	s.mu.Lock()
	if len(s.ready) > 0 && s.Matches(s.ready[0], lab) {
		g, ok = s.ready[0], true
		s.ready = nil
	}
	s.mu.Unlock()
	if ok && !g.Healthy() {
		g.Close()
		ok = false
	}
	return g, ok
}

// Soon has a spare started after a while.
func (s *WarmPool[G]) Refill(lab *labs.Lab) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if s.timer != nil {
		s.timer.Stop()
	}
	s.timer = time.AfterFunc(s.Delay, func() {
		ctx, cancel := context.WithTimeout(context.Background(), s.StartTimeout)
		defer cancel()
		if err := s.Fill(ctx, lab); err != nil {
			slog.Warn("no spare sandbox", "err", err)
		}
	})
}

// Close ends the spare, and none is kept afterwards.
func (s *WarmPool[G]) Close() {
	s.mu.Lock()
	s.closed = true
	kept := s.ready
	s.ready = nil
	if s.timer != nil {
		s.timer.Stop()
	}
	s.mu.Unlock()
	for _, g := range kept {
		g.Close()
	}
}
