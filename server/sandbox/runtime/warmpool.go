package runtime

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"cnalab/labs"
)

// WarmPool keeps one stack started ahead: the next sandbox that it matches
// stands on it.
type WarmPool struct {
	// New makes a stack for a lab, not started.
	New func(ctx context.Context, lab *labs.Lab) (*Stack, error)
	// Delay is how long after a sandbox has opened the next stack is started, not
	// to take the processors from the learner's first build.
	Delay        time.Duration
	StartTimeout time.Duration

	filling sync.WaitGroup // that the timer has begun

	mu     sync.Mutex
	ready  *Stack // nil where there is none
	timer  *time.Timer
	cancel context.CancelFunc // ends the filling
	closed bool
}

// Fill starts a stack for the lab, unless there is one, and returns when it
// answers.
func (p *WarmPool) Fill(ctx context.Context, lab *labs.Lab) error {
	if len(lab.Needs()) == 0 || p.has(lab) {
		return nil
	}
	s, err := p.New(ctx, lab)
	if err != nil {
		return err
	}
	if err := s.Start(ctx, DiscardStages()); err != nil {
		s.Close()
		return err
	}
	p.put(s)
	return nil
}

// has reports whether there is a stack for the lab, or nobody will want one.
func (p *WarmPool) has(lab *labs.Lab) bool {
	p.mu.Lock()
	ready, closed := p.ready, p.closed
	p.mu.Unlock()
	return closed || ready != nil && ready.Matches(lab) && ready.Healthy()
}

// put keeps the stack, in place of the one there may be.
func (p *WarmPool) put(s *Stack) {
	p.mu.Lock()
	old := p.ready
	if p.closed {
		old = s
	} else {
		p.ready = s
	}
	p.mu.Unlock()
	if old != nil {
		old.Close()
	}
}

// Get returns the stack where it matches the lab and still answers, else nil.
func (p *WarmPool) Get(lab *labs.Lab) *Stack {
	p.mu.Lock()
	s := p.ready
	if s != nil && s.Matches(lab) {
		p.ready = nil
	} else {
		s = nil
	}
	p.mu.Unlock()
	if s != nil && !s.Healthy() {
		s.Close()
		return nil
	}
	return s
}

// Refill has a stack started after a while.
func (p *WarmPool) Refill(lab *labs.Lab) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	if p.timer != nil {
		p.timer.Stop()
	}
	p.timer = time.AfterFunc(p.Delay, func() { p.refill(lab) })
}

// refill fills the pool, until it is closed.
func (p *WarmPool) refill(lab *labs.Lab) {
	ctx, cancel := context.WithTimeout(context.Background(), p.StartTimeout)
	defer cancel()
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return
	}
	p.filling.Add(1)
	p.cancel = cancel
	p.mu.Unlock()
	defer p.filling.Done()
	if err := p.Fill(ctx, lab); err != nil && ctx.Err() == nil {
		slog.Warn("no warm sandbox", "lab", lab.ID, "err", err)
	}
}

// Close ends the stack, and none is kept afterwards.
func (p *WarmPool) Close() {
	p.mu.Lock()
	p.closed = true
	ready := p.ready
	p.ready = nil
	if p.timer != nil {
		p.timer.Stop()
	}
	if p.cancel != nil {
		p.cancel()
	}
	p.mu.Unlock()
	p.filling.Wait()
	if ready != nil {
		ready.Close()
	}
}
