package warmpool

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"cnalab/labs"
)

// pooled is a stack whose start takes as long as it is let.
type pooled struct {
	started chan struct{}
	closed  atomic.Bool
}

func (p *pooled) StartAhead(ctx context.Context) error {
	select {
	case <-p.started:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *pooled) Matches(*labs.Lab) bool { return true }

func (p *pooled) Healthy() bool { return !p.closed.Load() }

func (p *pooled) Close() error {
	p.closed.Store(true)
	return nil
}

var wanting = &labs.Lab{Parts: []labs.Part{{Name: "kubernetes", Kind: labs.KindKubernetes}}}

// filling is a pool that starts a stack, until it is let.
func filling(t *testing.T) (pool *Pool[*pooled], starting *pooled, filled chan error) {
	t.Helper()
	starting, filled = &pooled{started: make(chan struct{})}, make(chan error, 1)
	begun := make(chan struct{})
	pool = &Pool[*pooled]{New: func(context.Context, *labs.Lab) (*pooled, error) {
		close(begun)
		return starting, nil
	}}
	go func() { filled <- pool.Fill(context.Background(), wanting) }()
	<-begun
	return pool, starting, filled
}

func TestPoolWaitsForWhatIsBeingStarted(t *testing.T) {
	pool, starting, filled := filling(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	pool.Wait(ctx)
	if got := pool.Get(wanting); got != nil || ctx.Err() == nil {
		t.Error("it was there before it was started")
	}
	time.AfterFunc(20*time.Millisecond, func() { close(starting.started) })
	pool.Wait(t.Context())
	if got := pool.Get(wanting); got != starting {
		t.Errorf("got %v", got)
	}
	if err := <-filled; err != nil {
		t.Error(err)
	}
	pool.Wait(t.Context()) // for nothing
	pool.Close()
	if starting.closed.Load() {
		t.Error("what was taken is closed with the pool")
	}
}

func TestPoolClosesWhatIsBeingStarted(t *testing.T) {
	pool, starting, filled := filling(t)
	pool.Close()
	if !starting.closed.Load() {
		t.Error("it is left")
	}
	if err := <-filled; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPoolEvicts(t *testing.T) {
	pool, starting, filled := filling(t)
	close(starting.started)
	if err := <-filled; err != nil {
		t.Fatal(err)
	}
	pool.Evict()
	if got := pool.Get(wanting); got != nil || !starting.closed.Load() {
		t.Error("it is still there")
	}
}
