package docker

import (
	"context"
	"log/slog"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/box"
)

// A spare is started some time after a sandbox has opened, not to take the
// processors from the learner's first build.
const (
	warmAfter = 3 * time.Second
	warmLimit = 2 * time.Minute
)

// Warm starts a spare ground for the lab, unless there is one, and returns
// when it answers.
func (p *Provider) Warm(ctx context.Context, lab *labs.Lab) error {
	if err := p.Offers(ctx, lab); err != nil {
		return err
	}
	return p.warm(ctx, lab)
}

func (p *Provider) warm(ctx context.Context, lab *labs.Lab) error {
	p.mu.Lock()
	there := p.shut || p.spare != nil && p.spare.shape.same(shapeOf(lab)) && p.spare.healthy()
	p.mu.Unlock()
	if there || len(shapeOf(lab).needs) == 0 {
		return nil
	}
	e, err := connect(ctx)
	if err != nil {
		return err
	}
	g, err := p.newGround(e, shapeOf(lab), lab.Folder, "spare")
	if err != nil {
		return err
	}
	err = g.Start(ctx, box.Silent())
	if err == nil && g.databases != nil {
		err = g.databases.Stock(ctx, len(lab.Services))
	}
	if err != nil {
		g.Close()
		return err
	}
	p.keep(g)
	return nil
}

// keep makes the ground the spare, in place of the one there may be.
func (p *Provider) keep(g *ground) {
	p.mu.Lock()
	old := p.spare
	if p.shut {
		old = g
	} else {
		p.spare = g
	}
	p.mu.Unlock()
	if old != nil {
		old.Close()
	}
}

// takeGround returns the spare where it fits and still answers, else a new
// ground that is to be started.
func (p *Provider) takeGround(ctx context.Context, request sandbox.Request) (*ground, error) {
	p.mu.Lock()
	spare := p.spare
	if spare != nil && spare.shape.same(shapeOf(request.Lab)) {
		p.spare = nil
	} else {
		spare = nil
	}
	p.mu.Unlock()
	if spare != nil && spare.healthy() {
		return spare, nil
	}
	if spare != nil {
		spare.Close()
	}
	e, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	return p.newGround(e, shapeOf(request.Lab), request.Lab.Folder, request.Learner)
}

// warmSoon has a spare started after a while.
func (p *Provider) warmSoon(lab *labs.Lab) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.config.Spare || p.shut {
		return
	}
	if p.warmer != nil {
		p.warmer.Stop()
	}
	p.warmer = time.AfterFunc(warmAfter, func() {
		ctx, cancel := context.WithTimeout(context.Background(), warmLimit)
		defer cancel()
		if err := p.warm(ctx, lab); err != nil {
			slog.Warn("no spare sandbox", "err", err)
		}
	})
}
