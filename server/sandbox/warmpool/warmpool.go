// Package warmpool keeps one stack of a sandbox's parts started before anyone
// asks for it. It knows nothing of what a stack is.
package warmpool

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"cnalab/labs"
)

// Stack is what is started ahead.
type Stack interface {
	comparable
	// Matches reports whether a sandbox of the lab can stand on it.
	Matches(lab *labs.Lab) bool
	// StartAhead returns when it answers.
	StartAhead(ctx context.Context) error
	// Healthy reports whether it still answers.
	Healthy() bool
	Close() error
}

// Pool keeps one stack started ahead: the next sandbox that it matches stands
// on it.
type Pool[S Stack] struct {
	// New makes a stack for a lab, not started.
	New func(ctx context.Context, lab *labs.Lab) (S, error)
	// Delay is how long after a sandbox has opened the next stack is started, not
	// to take the processors from the learner's first build.
	Delay        time.Duration
	StartTimeout time.Duration

	mu     sync.Mutex
	ready  S     // the zero one where there is none
	fill   *fill // under way; nil where none is
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
func (p *Pool[S]) Fill(ctx context.Context, lab *labs.Lab) error {
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
	if err := s.StartAhead(ctx); err != nil {
		s.Close()
		return err
	}
	p.put(s)
	return nil
}

// beginFill waits until nothing else is being started. The context that it
// returns ends with the pool, too.
func (p *Pool[S]) beginFill(ctx context.Context) (inner context.Context, end func(), err error) {
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

func (p *Pool[S]) endFill(f *fill) {
	f.cancel()
	p.mu.Lock()
	p.fill = nil
	p.mu.Unlock()
	close(f.done)
}

// Wait waits until the stack that is being started, if there is one, is in the
// pool: what takes long to start is sooner had than another.
func (p *Pool[S]) Wait(ctx context.Context) {
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
func (p *Pool[S]) has(lab *labs.Lab) bool {
	p.mu.Lock()
	ready, closed := p.ready, p.closed
	p.mu.Unlock()
	return closed || ready != p.none() && ready.Matches(lab) && ready.Healthy()
}

// put keeps the stack, in place of the one there may be.
func (p *Pool[S]) put(s S) {
	p.mu.Lock()
	old := p.ready
	if p.closed {
		old = s
	} else {
		p.ready = s
	}
	p.mu.Unlock()
	if old != p.none() {
		old.Close()
	}
}

// none is no stack.
func (p *Pool[S]) none() (zero S) { return zero }

// Get returns the stack where it matches the lab and still answers, else none:
// then whoever asks starts one now, and the next comes after that.
func (p *Pool[S]) Get(lab *labs.Lab) S {
	p.mu.Lock()
	s := p.ready
	if s != p.none() && s.Matches(lab) {
		p.ready = p.none()
	} else {
		s = p.none()
		if p.timer != nil {
			p.timer.Stop()
		}
	}
	p.mu.Unlock()
	if s != p.none() && !s.Healthy() {
		s.Close()
		return p.none()
	}
	return s
}

// Refill has a stack started after a while.
func (p *Pool[S]) Refill(lab *labs.Lab) {
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
func (p *Pool[S]) Evict() {
	p.mu.Lock()
	ready := p.ready
	p.ready = p.none()
	p.mu.Unlock()
	if ready != p.none() {
		ready.Close()
	}
}

// Close ends the stack that is kept, or is being started, and none is
// afterwards.
func (p *Pool[S]) Close() {
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
