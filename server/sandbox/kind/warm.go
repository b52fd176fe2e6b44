package kind

import (
	"context"
	"log/slog"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/runtime"
)

const (
	// cleanLimit is how long it may take to clean a cluster; a new one takes
	// half a minute.
	cleanLimit = time.Minute
	// lookLimit bounds the look whether a warm cluster still answers.
	probeTimeout = 2 * time.Second
)

// Warm makes a cluster ahead for the lab, unless there is one, and returns
// when it is ready.
func (p *Provider) Warm(ctx context.Context, lab *labs.Lab) error {
	if err := p.Offers(ctx, lab); err != nil {
		return err
	}
	if err := cleanup.StartReaper(); err != nil {
		return err
	}
	c, err := p.acquire(ctx, sandbox.Request{Lab: lab, Learner: "spare"})
	if err != nil {
		return err
	}
	if !c.made {
		if err := c.make(ctx, p.config.Images, runtime.DiscardStages()); err != nil {
			c.delete()
			return err
		}
	}
	p.keep(c)
	return nil
}

// take returns the warm cluster where it fits and answers, also one that will
// soon be clean; else a new one, not made yet.
func (p *Provider) acquire(ctx context.Context, request sandbox.Request) (*cluster, error) {
	s := shapeOf(request.Lab)
	for {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, runtime.ErrClosed()
		}
		warm, soon := p.warm, p.soon(s)
		if warm != nil {
			p.warm = nil
		}
		p.mu.Unlock()
		switch {
		case warm != nil && warm.shape == s && warm.healthy(ctx):
			return warm, nil
		case warm != nil:
			warm.delete() // its memory is needed
		case soon == nil:
			return p.newCluster(s, request)
		default:
			select {
			case <-soon:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	}
}

// soon is closed when a cluster of that shape has been cleaned; nil where none
// is being cleaned. The lock is held.
func (p *Provider) soon(s shape) chan struct{} {
	for c, done := range p.cleaning {
		if c.shape == s {
			return done
		}
	}
	return nil
}

// handBack takes a cluster that a sandbox has had: it becomes the warm one when
// it has been cleaned. It is removed where that fails, where there is a warm
// one like it already, or where nobody will want it any more.
func (p *Provider) handBack(c *cluster) {
	p.mu.Lock()
	if p.closed || !c.made || p.soon(c.shape) != nil || p.warm != nil && p.warm.shape == c.shape {
		p.mu.Unlock()
		c.delete()
		return
	}
	done := make(chan struct{})
	p.cleaning[c] = done
	p.work.Add(1)
	p.mu.Unlock()
	go func() {
		defer p.work.Done()
		defer close(done)
		ctx, cancel := context.WithTimeout(p.ctx, cleanLimit)
		defer cancel()
		err := c.clean(ctx)
		if err != nil && p.ctx.Err() == nil {
			slog.Info("a cluster is not handed on", "cluster", c.name, "err", err)
		}
		p.mu.Lock()
		delete(p.cleaning, c)
		p.mu.Unlock()
		if err != nil {
			c.delete()
			return
		}
		p.keep(c)
	}()
}

// keep makes the cluster the warm one, in place of the one there may be.
func (p *Provider) keep(c *cluster) {
	p.mu.Lock()
	old := p.warm
	if p.closed {
		old = c
	} else {
		p.warm = c
	}
	p.mu.Unlock()
	if old != nil {
		old.delete()
	}
}
