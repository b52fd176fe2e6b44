package docker

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cnalab/fixtures/link"
	"cnalab/server/sandbox/box"
)

// revivePause is between two tries to bring the links back.
const revivePause = 500 * time.Millisecond

// startLinks starts the links and waits until they lead. From then on they are
// brought back whenever they end before the sandbox does.
func (g *ground) startLinks(ctx context.Context, s *box.Stages) error {
	path, err := g.provider.fixtures(ctx, s)
	if err != nil {
		return err
	}
	program := box.Program{Path: path, Args: []string{"link"}, Env: []string{link.EnvToken + "=" + g.links.token}}
	return s.Run("start links", func() error {
		p, err := g.lead(ctx, program)
		if err == nil {
			g.making.Go(func() { g.keepLeading(p, program) })
		}
		return err
	})
}

// lead starts the links and waits until they lead.
func (g *ground) lead(ctx context.Context, program box.Program) (*seat, error) {
	log, err := os.OpenFile(filepath.Join(g.folder, "links.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write log: %w", err)
	}
	p, err := g.sit(ctx, "links", append(g.names(), "links"), linkBounds)
	if err != nil {
		log.Close()
		return nil, err
	}
	go func() { <-p.Done(); log.Close() }()
	if _, err = p.run(ctx, program, log); err == nil {
		err = g.links.settle(ctx)
	}
	if err != nil {
		p.Kill()
		return nil, err
	}
	return p, nil
}

// keepLeading brings the links back when they have ended, until the ground
// closes. A part that is cut off or slow is so afterwards too.
func (g *ground) keepLeading(p *seat, program box.Program) {
	for {
		select {
		case <-p.Done():
		case <-g.life.Done():
			return
		}
		g.links.lost()
		if p = g.leadAgain(p, program); p == nil {
			return
		}
	}
}

// leadAgain tries until the links lead, or the ground closes: then it returns
// nil.
func (g *ground) leadAgain(old *seat, program box.Program) *seat {
	for {
		select {
		case <-g.life.Done():
			return nil
		case <-time.After(revivePause):
		}
		old.remove() // it may run on: what ended may have been the way to the engine
		ctx, cancel := context.WithTimeout(g.life, orderLimit)
		p, err := g.lead(ctx, program)
		cancel()
		if err == nil {
			return p
		}
		slog.Debug("the links of a sandbox are not back yet", "err", err)
	}
}
