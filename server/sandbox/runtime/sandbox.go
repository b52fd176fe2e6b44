// Package runtime is an open sandbox: parts that a backend runs, and services
// that are built from a workspace, started, watched, broken and healed on it. It
// knows what a part does, and nothing of what it runs in: a process of this
// machine or a container; nor of which kinds of parts there are. It is one
// package because starting, faults, edits and snapshots all change the same
// part, under its one lock.
package runtime

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"cnalab/labs"
	"cnalab/labs/gobuild"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"

	"golang.org/x/sync/errgroup"
)

// Config is what a sandbox is opened with.
type Config struct {
	sandbox.Request
	Provider string           // its name
	Data     string           // the data folder
	Builder  *gobuild.Builder // of the learner's services
	// Fixtures builds the program that holds the services which the workspace
	// lacks, and returns its path.
	Fixtures func(ctx context.Context, stages *Stages) (string, error)
	Disk     Disk     // that the sandbox writes to
	OpenSet  *OpenSet // the provider's, which holds it while it is open
}

// Sandbox is one open sandbox: a stack, and the lab's services on it.
type Sandbox struct {
	Config
	stack        *Stack
	stages       *Stages
	services     []*service
	control      *sandbox.Control
	snapshotting sync.Mutex // held while a snapshot is taken or gone back to
	hasSnapshot  bool       // guarded by snapshotting

	once  sync.Once
	ended error
}

// New makes the sandbox's services on the stack, and starts nothing yet. The
// stack is the sandbox's from now on, also where there is an error: Close ends
// both.
func New(config Config, stack *Stack) (*Sandbox, error) {
	b := &Sandbox{Config: config, stack: stack}
	b.stages = &Stages{publish: func(e sandbox.Event) {
		if config.Progress != nil {
			config.Progress(e)
		}
		stack.Events().Publish(e)
	}}
	for _, p := range stack.programs {
		b.services = append(b.services, newService(b, p))
	}
	stack.programs = nil // they are the services' to release
	var err error
	if b.control, err = sandbox.NewControl(b); err != nil {
		return b, err
	}
	return b, config.OpenSet.add(b)
}

// maxAttempts is how often a sandbox is opened on ports that turn out to be taken.
const maxAttempts = 3

// OpenWithRetry opens a sandbox, and again on other ports where another program was
// quicker to take one.
func OpenWithRetry(ctx context.Context, open func() (*Sandbox, error)) (sandbox.Sandbox, error) {
	for tries := 1; ; tries++ {
		b, err := open()
		if err == nil {
			return b, nil
		}
		if !errors.Is(err, cleanup.ErrPortTaken) || tries == maxAttempts || ctx.Err() != nil {
			return nil, err
		}
	}
}

// Open brings everything up. The compiler works while the stack's parts start;
// the services start when both are done.
func (b *Sandbox) Open(ctx context.Context) error {
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() error { return b.stack.Start(inner, b.stages) })
	for _, w := range b.services {
		group.Go(func() error {
			b.stages.Run(fmt.Sprintf("build the service %s", w.name), func() error { return w.buildFirst(inner) })
			return inner.Err() // what does not build does not fail the sandbox
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return b.startServices(ctx)
}

// startServices starts them side by side, not waiting for one before the next,
// unless lab.yaml says so: a service that cannot bear another's absence learns
// it here.
func (b *Sandbox) startServices(ctx context.Context) error {
	tried := map[string]chan struct{}{}
	for _, w := range b.services {
		tried[w.name] = make(chan struct{})
	}
	var all sync.WaitGroup
	for _, w := range b.services {
		all.Go(func() {
			defer close(tried[w.name])
			for _, name := range w.definition.After {
				if before := tried[name]; before != nil {
					<-before // it ends with ctx at the latest
				}
			}
			if w.built.problem == nil {
				b.stages.Run(w.definition.StartStage, func() error { return w.Start(ctx) })
			}
		})
	}
	all.Wait()
	return ctx.Err()
}

// all is every part, services last.
func (b *Sandbox) all() []*Component {
	parts := slices.Clone(b.stack.components)
	for _, w := range b.services {
		parts = append(parts, w.Component)
	}
	return parts
}

func (b *Sandbox) part(name string) *Component {
	for _, p := range b.all() {
		if p.name == name {
			return p
		}
	}
	return nil
}

func (b *Sandbox) find(name string) (*Component, error) {
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

// Parts returns every part with its present state, services last.
func (b *Sandbox) Parts() []sandbox.Part {
	var parts []sandbox.Part
	for _, p := range b.all() {
		parts = append(parts, p.Snapshot())
	}
	return parts
}

// Apply makes the services run what the workspace holds now. Where several
// fail, the first one in the lab's order is named.
func (b *Sandbox) Apply(ctx context.Context) error {
	if err := b.Disk.CheckSpace(); err != nil {
		return err
	}
	b.waitForSnapshot() // also where the lab has no services, a check waits here for what it stands on
	return b.Disk.Translate(b.apply(ctx, true))
}

// Reload makes the services run what the workspace holds now, and leaves one
// that ended by itself to come back in its own time.
func (b *Sandbox) Reload(ctx context.Context) error { return b.apply(ctx, false) }

func (b *Sandbox) apply(ctx context.Context, wait bool) error {
	failed := make([]error, len(b.services))
	var all sync.WaitGroup
	for i, w := range b.services {
		all.Go(func() { failed[i] = w.apply(ctx, wait) })
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
func (b *Sandbox) Fault(ctx context.Context, name string, fault sandbox.Fault) error {
	p, err := b.find(name)
	if err != nil {
		return err
	}
	return p.applyFault(ctx, fault)
}

// Heal undoes every fault of the part and waits until it answers.
func (b *Sandbox) Heal(ctx context.Context, name string) error {
	p, err := b.find(name)
	if err != nil {
		return err
	}
	return p.heal(ctx)
}

// Log returns the last lines that the part has logged.
func (b *Sandbox) Log(name string, lines int) []sandbox.Line {
	if p := b.part(name); p != nil {
		return p.logs.Last(lines)
	}
	return nil
}

// Subscribe calls f for each event from now on.
func (b *Sandbox) Subscribe(f func(sandbox.Event)) (cancel func()) {
	return b.stack.Events().Subscribe(f)
}

// Close ends every part and removes its data.
func (b *Sandbox) Close() error {
	b.once.Do(func() {
		if b.control != nil {
			b.control.Close()
		}
		var ends sync.WaitGroup
		for _, w := range b.services {
			ends.Go(func() { w.Close() })
		}
		ends.Wait()
		b.ended = b.stack.Close()
		b.OpenSet.remove(b)
	})
	return b.ended
}
