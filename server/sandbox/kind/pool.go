package kind

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/runtime"
)

// probeTimeout bounds the question whether nodes still answer.
const probeTimeout = 2 * time.Second

// Warm makes a cluster ahead for the lab, unless there is one, and returns when
// its nodes are ready.
func (p *Provider) Warm(ctx context.Context, lab *labs.Lab) error {
	if err := p.Offers(ctx, lab); err != nil {
		return err
	}
	return p.pool.Fill(ctx, lab)
}

// newForPool is a cluster that is made ahead, where the machine can carry it.
func (p *Provider) newForPool(ctx context.Context, lab *labs.Lab) (*runtime.Stack, error) {
	if err := cleanup.StartReaper(p.records()); err != nil {
		return nil, err
	}
	if err := runtime.Disk(p.config.Data).CheckSpace(); err != nil {
		return nil, err
	}
	stack, err := p.newFitting(ctx, sandbox.Request{Lab: lab, Learner: "warm-pool"})
	if err == nil {
		p.setUnused(clusterOf(stack), true)
	}
	return stack, err
}

// stackFor returns the cluster from the pool, also one that is still being
// made; else a new one, not made yet.
func (p *Provider) stackFor(ctx context.Context, request sandbox.Request) (s *runtime.Stack, err error) {
	end := beginStage(request, "get a cluster")
	defer func() { end(err) }()
	p.pool.Wait(ctx)
	if s := p.pool.Get(request.Lab); s != nil {
		p.setUnused(clusterOf(s), false)
		return s, nil
	}
	return p.newFitting(ctx, request)
}

// beginStage tells of work that comes before there is a sandbox.
func beginStage(request sandbox.Request, name string) (end func(error)) {
	if request.Progress == nil {
		return func(error) {}
	}
	began := time.Now()
	request.Progress(sandbox.Event{Stage: &sandbox.Stage{Name: name}})
	return func(err error) {
		stage := sandbox.Stage{Name: name, Done: true, Took: time.Since(began)}
		if err != nil {
			stage.Err = labs.AsProblem(err).Say
		}
		request.Progress(sandbox.Event{Stage: &stage})
	}
}

// newFitting is a cluster that the machine can carry, not made yet.
func (p *Provider) newFitting(ctx context.Context, request sandbox.Request) (*runtime.Stack, error) {
	e, err := engine.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.waitForRoom(ctx, e, p.shapeFor(request.Lab)); err != nil {
		e.Close()
		return nil, err
	}
	return p.newStack(e, request)
}

// shapeFor is what a cluster for the lab is made of.
func (p *Provider) shapeFor(lab *labs.Lab) shape {
	all, _ := p.config.Kinds.Define(lab) // what cannot be defined is not opened
	return shapeOf(all)
}

// waitForRoom waits until the machine can carry one more cluster. Where it
// cannot, the one in the pool makes room; what is being removed has what it
// took until it is gone.
func (p *Provider) waitForRoom(ctx context.Context, e *engine.Engine, s shape) error {
	if p.room(ctx, e, s) == nil {
		return nil
	}
	p.pool.Evict()
	for c := p.removing(); c != nil; c = p.removing() {
		select {
		case <-c.gone:
		case <-ctx.Done():
			return ctx.Err()
		}
		if p.room(ctx, e, s) == nil {
			return nil
		}
	}
	return p.room(ctx, e, s)
}

func (p *Provider) setUnused(c *cluster, unused bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if unused {
		p.unused[c] = true
	} else {
		delete(p.unused, c)
	}
}

// hasUnused reports whether there is a cluster that no sandbox has.
func (p *Provider) hasUnused() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.unused) > 0
}

// removing is a cluster that is being removed; nil where none is.
func (p *Provider) removing() *cluster {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.unused {
		if c.life.Err() != nil {
			return c
		}
	}
	return nil
}

// remove deletes a cluster while nobody waits for it, but for the provider's
// end.
func (p *Provider) remove(c *cluster) {
	c.end()
	p.setUnused(c, true)
	p.background(func() {
		if err := c.delete(); err != nil {
			slog.Warn("remove cluster", "cluster", c.name, "err", fmt.Errorf("remove cluster: %w", err))
		}
		p.setUnused(c, false)
		close(c.gone)
	})
}

// background does work that Close waits for. Once the provider is closed the
// caller waits for it.
func (p *Provider) background(work func()) {
	p.mu.Lock()
	closed := p.closed
	if !closed {
		p.work.Go(work)
	}
	p.mu.Unlock()
	if closed {
		work()
	}
}
