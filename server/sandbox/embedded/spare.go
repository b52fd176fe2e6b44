package embedded

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox/box"
)

// A spare is started some time after a sandbox has opened, not to take the
// processors from the learner's first build.
const (
	warmAfter = 2 * time.Second
	warmLimit = time.Minute
)

// Warm starts a spare ground for the lab, unless there is one, and returns
// when it answers. The next sandbox with the lab's needs stands on it.
func (p *Provider) Warm(ctx context.Context, lab *labs.Lab) error {
	if err := p.Offers(ctx, lab); err != nil {
		return err
	}
	return p.warm(ctx, needsOf(lab), len(lab.Services))
}

// warm makes a spare with so many databases in stock.
func (p *Provider) warm(ctx context.Context, needs []labs.Need, databases int) error {
	p.mu.Lock()
	there := p.shut || p.spare != nil && slices.Equal(p.spare.needs, needs) && p.spare.healthy()
	p.mu.Unlock()
	if there || len(needs) == 0 {
		return nil
	}
	g, err := p.newGround(needs)
	if err != nil {
		return err
	}
	err = g.Start(ctx, box.Silent())
	if err == nil && g.databases != nil {
		err = g.databases.Stock(ctx, databases)
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
func (p *Provider) takeGround(needs []labs.Need) (*ground, error) {
	p.mu.Lock()
	spare := p.spare
	if spare != nil && slices.Equal(spare.needs, needs) {
		p.spare = nil
	} else {
		spare = nil
	}
	p.mu.Unlock()
	if spare == nil {
		return p.newGround(needs)
	}
	if spare.healthy() {
		return spare, nil
	}
	spare.Close()
	return p.newGround(needs)
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
		if err := p.warm(ctx, needsOf(lab), len(lab.Services)); err != nil {
			slog.Warn("no spare sandbox", "err", err)
		}
	})
}
