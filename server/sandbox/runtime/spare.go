package runtime

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"cnalab/labs"
)

// WarmPool keeps one backend started ahead: the next sandbox that it fits runs
// on it.
type WarmPool[G Poolable] struct {
	New     func(ctx context.Context, lab *labs.Lab) (G, error) // one that is not started
	Matches func(g G, lab *labs.Lab) bool
	// Delay is how long after a sandbox has opened the next backend is started,
	// not to take the processors from the learner's first build; StartTimeout
	// bounds the start.
	Delay, StartTimeout time.Duration

	mu     sync.Mutex
	ready  []G   // one, or none
	fill   *fill // under way; nil where none is
	timer  *time.Timer
	closed bool
}

// fill is one start of a backend.
type fill struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// Poolable is a backend that can be started before anyone asks for it.
type Poolable interface {
	Backend
	// Healthy reports whether it still answers.
	Healthy() bool
}

// Fill starts a backend for the lab, unless there is one, and returns when it
// answers. One is started at a time.
func (s *WarmPool[G]) Fill(ctx context.Context, lab *labs.Lab) error {
	if len(NeedsOf(lab)) == 0 && !lab.Wants(labs.Kubernetes) {
		return nil
	}
	ctx, end, err := s.beginFill(ctx)
	if err != nil {
		return err
	}
	defer end()
	if s.has(lab) {
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

// beginFill waits until nothing else is being started. The context that it
// returns ends with the pool, too.
func (s *WarmPool[G]) beginFill(ctx context.Context) (inner context.Context, end func(), err error) {
	for {
		s.mu.Lock()
		other := s.fill
		if other == nil {
			inner, cancel := context.WithCancel(ctx)
			mine := &fill{cancel: cancel, done: make(chan struct{})}
			s.fill = mine
			s.mu.Unlock()
			return inner, func() { s.endFill(mine) }, nil
		}
		s.mu.Unlock()
		select {
		case <-other.done:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}

func (s *WarmPool[G]) endFill(f *fill) {
	f.cancel()
	s.mu.Lock()
	s.fill = nil
	s.mu.Unlock()
	close(f.done)
}

// Wait waits until the backend that is being started, if there is one, is in
// the pool: what takes long to start is sooner had than another.
func (s *WarmPool[G]) Wait(ctx context.Context) {
	s.mu.Lock()
	f := s.fill
	s.mu.Unlock()
	if f == nil {
		return
	}
	select {
	case <-f.done:
	case <-ctx.Done():
	}
}

// has reports whether there is a backend for the lab, or nobody will want one.
func (s *WarmPool[G]) has(lab *labs.Lab) bool {
	s.mu.Lock()
	closed, kept := s.closed, slices.Clone(s.ready)
	s.mu.Unlock()
	return closed || len(kept) > 0 && s.Matches(kept[0], lab) && kept[0].Healthy()
}

// put keeps the backend, in place of the one there may be.
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

// Get returns the backend where it fits the lab and still answers. Where it does
// not, whoever asks starts one now, and the next comes after that.
func (s *WarmPool[G]) Get(lab *labs.Lab) (g G, ok bool) {
	s.mu.Lock()
	if len(s.ready) > 0 && s.Matches(s.ready[0], lab) {
		g, ok = s.ready[0], true
		s.ready = nil
	} else if s.timer != nil {
		s.timer.Stop()
	}
	s.mu.Unlock()
	if ok && !g.Healthy() {
		g.Close()
		ok = false
	}
	return g, ok
}

// Refill has a backend started after a while.
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
		if err := s.Fill(ctx, lab); err != nil && !errors.Is(err, context.Canceled) {
			slog.Warn("no spare sandbox", "err", err)
		}
	})
}

// Evict ends the backend that is kept: what it takes is needed.
func (s *WarmPool[G]) Evict() {
	s.mu.Lock()
	kept := s.ready
	s.ready = nil
	s.mu.Unlock()
	for _, g := range kept {
		g.Close()
	}
}

// Close ends the backend that is kept, or is being started, and none is
// afterwards.
func (s *WarmPool[G]) Close() {
	s.mu.Lock()
	s.closed = true
	if s.timer != nil {
		s.timer.Stop()
	}
	f := s.fill
	s.mu.Unlock()
	if f != nil {
		f.cancel()
		<-f.done
	}
	s.Evict()
}
