package box

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"cnalab/labs"
)

// Spare keeps one ground started ahead: the next box that it fits stands on it.
type Spare[G Ready] struct {
	Fresh func(ctx context.Context, lab *labs.Lab) (G, error) // one that is not started
	Fits  func(g G, lab *labs.Lab) bool
	// After is how long after a box has opened the next spare is started, not to
	// take the processors from the learner's first build; Limit bounds the start.
	After, Limit time.Duration

	mu    sync.Mutex
	kept  []G // one, or none
	timer *time.Timer
	shut  bool
}

// Ready is a ground that can be started before anyone asks for it.
type Ready interface {
	Ground
	// Healthy reports whether it still answers.
	Healthy() bool
}

// Warm starts a spare for the lab, unless there is one, and returns when it
// answers.
func (s *Spare[G]) Warm(ctx context.Context, lab *labs.Lab) error {
	if len(NeedsOf(lab)) == 0 || s.has(lab) {
		return nil
	}
	g, err := s.Fresh(ctx, lab)
	if err != nil {
		return err
	}
	err = g.Start(ctx, Silent())
	if server := g.Databases(); err == nil && server != nil {
		err = server.Stock(ctx, len(lab.Services))
	}
	if err != nil {
		g.Close()
		return err
	}
	s.keep(g)
	return nil
}

// has reports whether there is a spare for the lab, or nobody will want one.
func (s *Spare[G]) has(lab *labs.Lab) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shut || len(s.kept) > 0 && s.Fits(s.kept[0], lab) && s.kept[0].Healthy()
}

// keep makes the ground the spare, in place of the one there may be.
func (s *Spare[G]) keep(g G) {
	s.mu.Lock()
	old := s.kept
	if s.shut {
		old = []G{g}
	} else {
		s.kept = []G{g}
	}
	s.mu.Unlock()
	for _, g := range old {
		g.Close()
	}
}

// Take returns the spare where it fits the lab and still answers.
func (s *Spare[G]) Take(lab *labs.Lab) (g G, ok bool) {
	s.mu.Lock()
	if len(s.kept) > 0 && s.Fits(s.kept[0], lab) {
		g, ok = s.kept[0], true
		s.kept = nil
	}
	s.mu.Unlock()
	if ok && !g.Healthy() {
		g.Close()
		ok = false
	}
	return g, ok
}

// Soon has a spare started after a while.
func (s *Spare[G]) Soon(lab *labs.Lab) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shut {
		return
	}
	if s.timer != nil {
		s.timer.Stop()
	}
	s.timer = time.AfterFunc(s.After, func() {
		ctx, cancel := context.WithTimeout(context.Background(), s.Limit)
		defer cancel()
		if err := s.Warm(ctx, lab); err != nil {
			slog.Warn("no spare sandbox", "err", err)
		}
	})
}

// Close ends the spare, and none is kept afterwards.
func (s *Spare[G]) Close() {
	s.mu.Lock()
	s.shut = true
	kept := s.kept
	s.kept = nil
	if s.timer != nil {
		s.timer.Stop()
	}
	s.mu.Unlock()
	for _, g := range kept {
		g.Close()
	}
}
