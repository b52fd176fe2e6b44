package runtime

import (
	"context"
	"errors"
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

	mu     sync.Mutex
	ready  *Stack // nil where there is none
	fill   *fill  // under way; nil where none is
	timer  *time.Timer
	closed bool
}

// fill is one start of a stack.
type fill struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// Fill starts a stack for the lab, unless there is one, and returns when it
// answers. One is started at a time.
func (p *WarmPool) Fill(ctx context.Context, lab *labs.Lab) error {
	if len(lab.Needs()) == 0 {
		return nil
	}
	ctx, end, err := p.beginFill(ctx)
	if err != nil {
		return err
	}
	defer end()
	if p.has(lab) {
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

// beginFill waits until nothing else is being started. The context that it
// returns ends with the pool, too.
func (p *WarmPool) beginFill(ctx context.Context) (inner context.Context, end func(), err error) {
	for {
		p.mu.Lock()
		other := p.fill
		if other == nil {
			inner, cancel := context.WithCancel(ctx)
			mine := &fill{cancel: cancel, done: make(chan struct{})}
			p.fill = mine
			p.mu.Unlock()
			return inner, func() { p.endFill(mine) }, nil
		}
		p.mu.Unlock()
		select {
		case <-other.done:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}

func (p *WarmPool) endFill(f *fill) {
	f.cancel()
	p.mu.Lock()
	p.fill = nil
	p.mu.Unlock()
	close(f.done)
}

// Wait waits until the stack that is being started, if there is one, is in the
// pool: what takes long to start is sooner had than another.
func (p *WarmPool) Wait(ctx context.Context) {
	p.mu.Lock()
	f := p.fill
	p.mu.Unlock()
	if f == nil {
		return
	}
	select {
	case <-f.done:
	case <-ctx.Done():
	}
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

// Get returns the stack where it matches the lab and still answers, else nil:
// then whoever asks starts one now, and the next comes after that.
func (p *WarmPool) Get(lab *labs.Lab) *Stack {
	p.mu.Lock()
	s := p.ready
	if s != nil && s.Matches(lab) {
		p.ready = nil
	} else {
		s = nil
		if p.timer != nil {
			p.timer.Stop()
		}
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
	p.timer = time.AfterFunc(p.Delay, func() {
		ctx, cancel := context.WithTimeout(context.Background(), p.StartTimeout)
		defer cancel()
		if err := p.Fill(ctx, lab); err != nil && !errors.Is(err, context.Canceled) {
			slog.Warn("no warm sandbox", "lab", lab.ID, "err", err)
		}
	})
}

// Evict ends the stack that is kept: what it takes is needed.
func (p *WarmPool) Evict() {
	p.mu.Lock()
	ready := p.ready
	p.ready = nil
	p.mu.Unlock()
	if ready != nil {
		ready.Close()
	}
}

// Close ends the stack that is kept, or is being started, and none is
// afterwards.
func (p *WarmPool) Close() {
	p.mu.Lock()
	p.closed = true
	if p.timer != nil {
		p.timer.Stop()
	}
	f := p.fill
	p.mu.Unlock()
	if f != nil {
		f.cancel()
		<-f.done
	}
	p.Evict()
}
