package embedded

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"cnalab/labs"
	"cnalab/server/sandbox"

	"golang.org/x/sync/errgroup"
)

// box is one open sandbox: a ground, and the lab's services on it.
type box struct {
	provider  *Provider
	ground    *ground
	workspace string
	stages    *stages
	workers   []*worker
	passwords map[string]string // of the databases, by service
	control   *sandbox.Control
	watcher   *watcher
	life      context.Context // ends with the sandbox
	end       context.CancelFunc

	once  sync.Once
	ended error
}

// newBox makes the sandbox's services, and starts nothing yet.
func (p *Provider) newBox(g *ground, request sandbox.Request) (*box, error) {
	b := &box{provider: p, ground: g, workspace: request.Workspace}
	b.life, b.end = context.WithCancel(context.Background())
	b.stages = &stages{tell: func(e sandbox.Event) {
		if request.Progress != nil {
			request.Progress(e)
		}
		g.feed.Publish(e)
	}}
	for _, name := range request.Lab.Services {
		w, err := newWorker(b, name)
		if err != nil {
			return b, err
		}
		b.workers = append(b.workers, w)
	}
	var err error
	b.control, err = sandbox.NewControl(b)
	return b, err
}

// open brings everything up. The compiler works while the ground's parts
// start; the services start when both are done.
func (b *box) open(ctx context.Context) error {
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() error { return b.layGround(inner) })
	for _, w := range b.workers {
		group.Go(func() error {
			b.stages.run("build "+w.name, func() error { return w.prepare(inner) })
			return inner.Err() // what does not build does not fail the sandbox
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := b.startServices(ctx); err != nil {
		return err
	}
	b.watcher = watch(b.workspace, func() { b.apply(b.life, false) })
	return nil
}

func (b *box) layGround(ctx context.Context) error {
	if err := b.ground.start(ctx, b.stages); err != nil {
		return err
	}
	if b.ground.cluster == nil || len(b.workers) == 0 {
		return nil
	}
	return b.stages.run("create databases", func() (err error) {
		var names []string
		for _, w := range b.workers {
			names = append(names, w.name)
		}
		b.passwords, err = b.ground.cluster.Create(ctx, b.ground.database.private, names)
		return err
	})
}

// startServices starts them in the lab's order, not waiting for one before
// the next: a service that cannot bear another's absence learns it here.
func (b *box) startServices(ctx context.Context) error {
	for _, w := range b.workers {
		w.env = b.serviceEnvironment(w)
	}
	var all sync.WaitGroup
	for _, w := range b.workers {
		if w.program.problem != nil {
			continue
		}
		all.Go(func() {
			b.stages.run("start "+w.name, func() error { return w.bring(ctx) })
		})
	}
	all.Wait()
	return ctx.Err()
}

// all is every part, needs first.
func (b *box) all() []*part {
	parts := slices.Clone(b.ground.parts)
	for _, w := range b.workers {
		parts = append(parts, w.part)
	}
	return parts
}

func (b *box) part(name string) *part {
	for _, p := range b.all() {
		if p.name == name {
			return p
		}
	}
	return nil
}

func (b *box) named(name string) (*part, error) {
	if p := b.part(name); p != nil {
		return p, nil
	}
	var names []string
	for _, p := range b.all() {
		names = append(names, p.name)
	}
	return nil, &labs.Problem{Kind: labs.NotFound, Say: fmt.Sprintf("This sandbox has no part %q.", name),
		Next: "Its parts are: " + strings.Join(names, ", ") + "."}
}

// Parts returns every part with its present state, needs first.
func (b *box) Parts() []sandbox.Part {
	var parts []sandbox.Part
	for _, p := range b.all() {
		parts = append(parts, p.snapshot())
	}
	return parts
}

// Apply makes the services run what the workspace holds now. Where several
// fail, the first one in the lab's order is named.
func (b *box) Apply(ctx context.Context) error {
	if err := b.provider.room(); err != nil {
		return err
	}
	return b.provider.plain(b.apply(ctx, true))
}

func (b *box) apply(ctx context.Context, insist bool) error {
	failed := make([]error, len(b.workers))
	var all sync.WaitGroup
	for i, w := range b.workers {
		all.Go(func() { failed[i] = w.apply(ctx, insist) })
	}
	all.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	return nil
}

// Fault breaks a part on purpose.
func (b *box) Fault(ctx context.Context, name string, fault sandbox.Fault) error {
	p, err := b.named(name)
	if err != nil {
		return err
	}
	return p.inflict(ctx, fault)
}

// Heal undoes every fault of the part and waits until it answers.
func (b *box) Heal(ctx context.Context, name string) error {
	p, err := b.named(name)
	if err != nil {
		return err
	}
	return p.heal(ctx)
}

// Log returns the last lines that the part has logged.
func (b *box) Log(name string, lines int) []sandbox.Line {
	if p := b.part(name); p != nil {
		return p.journal.Last(lines)
	}
	return nil
}

// Subscribe calls f for each event from now on.
func (b *box) Subscribe(f func(sandbox.Event)) (cancel func()) { return b.ground.feed.Subscribe(f) }

// Close ends every part and removes its data.
func (b *box) Close() error {
	b.once.Do(func() {
		b.end()
		if b.control != nil {
			b.control.Close()
		}
		if b.watcher != nil {
			b.watcher.close()
		}
		var ends sync.WaitGroup
		for _, w := range b.workers {
			ends.Go(func() { w.close(closeGrace) })
		}
		ends.Wait()
		b.ended = b.ground.close()
		b.provider.closed(b)
	})
	return b.ended
}
