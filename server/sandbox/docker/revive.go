package docker

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cnalab/fixtures/proxy"
	"cnalab/server/sandbox/runtime"
)

// revivePause is between two tries to bring the links back.
const revivePause = 500 * time.Millisecond

// startLinks starts the links and waits until they lead. From then on they are
// brought back whenever they end before the sandbox does.
func (g *backend) startProxy(ctx context.Context, s *runtime.Stages) error {
	path, err := g.provider.fixtures(ctx, s)
	if err != nil {
		return err
	}
	program := runtime.Program{Path: path, Args: []string{"link"}, Env: []string{proxy.EnvToken + "=" + g.proxy.token}}
	return s.Run("start links", func() error {
		p, err := g.runProxy(ctx, program)
		if err == nil {
			g.pending.Go(func() { g.superviseProxy(p, program) })
		}
		return err
	})
}

// lead starts the links and waits until they lead.
func (g *backend) runProxy(ctx context.Context, program runtime.Program) (*seat, error) {
	log, err := os.OpenFile(filepath.Join(g.folder, "links.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write log: %w", err)
	}
	p, err := g.sit(ctx, "links", append(g.names(), "links"), proxyBounds)
	if err != nil {
		log.Close()
		return nil, err
	}
	go func() { <-p.Done(); log.Close() }()
	if _, err = p.run(ctx, program, log); err == nil {
		err = g.proxy.sync(ctx)
	}
	if err != nil {
		p.Kill()
		return nil, err
	}
	return p, nil
}

// keepLeading brings the links back when they have ended, until the ground
// closes. A part that is cut off or slow is so afterwards too.
func (g *backend) superviseProxy(p *seat, program runtime.Program) {
	for {
		select {
		case <-p.Done():
		case <-g.ctx.Done():
			return
		}
		g.proxy.markDown()
		if p = g.restartProxy(p, program); p == nil {
			return
		}
	}
}

// leadAgain tries until the links lead, or the ground closes: then it returns
// nil.
func (g *backend) restartProxy(old *seat, program runtime.Program) *seat {
	for {
		select {
		case <-g.ctx.Done():
			return nil
		case <-time.After(revivePause):
		}
		old.remove() // it may run on: what ended may have been the way to the engine
		ctx, cancel := context.WithTimeout(g.ctx, requestTimeout)
		p, err := g.runProxy(ctx, program)
		cancel()
		if err == nil {
			return p
		}
		slog.Debug("the links of a sandbox are not back yet", "err", err)
	}
}
