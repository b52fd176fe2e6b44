package docker

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cnalab/fixtures/images"
	"cnalab/fixtures/proxy"
	"cnalab/server/sandbox/runtime"
)

// restartPause is between two tries to bring a proxy back.
const restartPause = 500 * time.Millisecond

// startProxy starts the proxy and waits until it leads to the parts. From then
// on it is brought back whenever it ends before the sandbox does.
func (b *backend) startProxy(ctx context.Context, p *proxyContainer, program string) error {
	running, err := b.runProxy(ctx, p, program)
	if err == nil {
		b.pending.Go(func() { b.superviseProxy(p, running, program) })
	}
	return err
}

// runProxy starts the proxy and waits until it leads to the parts.
func (b *backend) runProxy(ctx context.Context, p *proxyContainer, program string) (*process, error) {
	log, err := os.OpenFile(filepath.Join(b.folder, p.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write log: %w", err)
	}
	s := spec{name: p.name, aliases: append([]string{p.name}, p.names...), image: images.Base, bounds: proxyBounds, publish: p.ports}
	s.run(runtime.Program{Path: program, Args: []string{"proxy"}, Env: []string{proxy.EnvToken + "=" + p.control.Token}})
	id, err := b.create(ctx, s)
	if err != nil {
		log.Close()
		return nil, err
	}
	running := &process{engine: b.engine, id: id, signal: "TERM", memory: proxyBounds.Memory, disposable: true}
	if err := running.begin(ctx, log); err != nil {
		log.Close()
		running.remove()
		return nil, err
	}
	b.pending.Go(func() { <-running.Done(); log.Close() })
	if err := p.sync(ctx); err != nil {
		running.Kill()
		return nil, err
	}
	return running, nil
}

// superviseProxy brings the proxy back when it has ended, until the backend
// closes. A part that is cut off or slow is so afterwards too.
func (b *backend) superviseProxy(p *proxyContainer, running *process, program string) {
	for {
		select {
		case <-running.Done():
		case <-b.ctx.Done():
			running.Kill()
			return
		}
		p.markDown()
		if running = b.restartProxy(p, running, program); running == nil {
			return
		}
	}
}

// restartProxy tries until the proxy leads to the parts, or the backend closes:
// then it returns nil.
func (b *backend) restartProxy(p *proxyContainer, old *process, program string) *process {
	for {
		select {
		case <-b.ctx.Done():
			return nil
		case <-time.After(restartPause):
		}
		old.remove() // it may run on: what ended may have been the way to the engine
		ctx, cancel := context.WithTimeout(b.ctx, requestTimeout)
		running, err := b.runProxy(ctx, p, program)
		cancel()
		if err == nil {
			return running
		}
		slog.Debug("a sandbox's proxy is not back yet", "err", err)
	}
}
