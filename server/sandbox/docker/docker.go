// Package docker opens sandboxes in a Docker engine: a real Kafka, a real
// Postgres and the lab's services, each a container of its own in a network of
// its own, reached through a proxy that can be slowed and cut. It knows nothing
// of checks, pages, or where a workspace comes from. It is one package because
// a container, the routes that lead to it and the proxy that comes back by
// itself are made, changed and removed together.
package docker

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"cnalab/fixtures/images"
	"cnalab/labs"
	"cnalab/labs/gobuild"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/docker/dockerproxy"
	"cnalab/server/sandbox/part"
	"cnalab/server/sandbox/runtime"
	"cnalab/server/sandbox/warmpool"

	"cnalab/server/sandbox/engine"
)

// Config says where the provider finds and keeps things.
type Config struct {
	Root  string     // the repository's root, from which the fixtures are built
	Kinds part.Kinds // the kinds of parts that a lab may have
	Data  string     // the data folder
	// WarmPool keeps one stack started after a sandbox was opened.
	WarmPool bool
	// Prebuilt is a folder where the fixtures may be built already; may be empty.
	Prebuilt string
}

// Provider opens sandboxes in the Docker engine of this machine.
type Provider struct {
	config   Config
	dangling *dockerproxy.DanglingImages // what builds of learners leave in the engine
	swept    sync.Once
	services *gobuild.Builder
	tools    *gobuild.Builder // builds the fixtures

	built atomic.Bool // a learner may have built images
	open  runtime.OpenSet
	pool  warmpool.Pool[*runtime.Stack]
}

// New returns a provider. It does nothing yet.
func New(config Config) *Provider {
	cache := filepath.Join(config.Data, "cache", "containers")
	linux := []string{"GOOS=linux"} // whatever this machine is, its containers are
	p := &Provider{config: config, dangling: dockerproxy.DanglingIn(filepath.Join(config.Data, "run", "containers", "builds")),
		services: &gobuild.Builder{Cache: cache, Env: linux},
		tools:    &gobuild.Builder{Cache: cache, Env: linux, Online: true, Prebuilt: config.Prebuilt},
	}
	p.pool = warmpool.Pool[*runtime.Stack]{Delay: 3 * time.Second, StartTimeout: 2 * time.Minute, New: func(ctx context.Context, lab *labs.Lab) (*runtime.Stack, error) {
		e, err := connect(ctx)
		if err != nil {
			return nil, err
		}
		return p.newStack(e, lab, "warm-pool")
	}}
	return p
}

// Name is "docker".
func (p *Provider) Name() string { return "docker" }

// Offers returns nil where the lab needs nothing that an engine has not, and
// an engine answers that has the images.
func (p *Provider) Offers(ctx context.Context, lab *labs.Lab) error {
	e, err := p.engineFor(ctx, lab)
	if err == nil {
		e.Close()
	}
	return err
}

// engineFor returns the engine that can open the lab.
func (p *Provider) engineFor(ctx context.Context, lab *labs.Lab) (*docker, error) {
	all, err := p.config.Kinds.Define(lab)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.Container == nil && !d.Engine {
			return nil, &labs.Problem{Kind: labs.Machine, Say: fmt.Sprintf("Lab %s needs %s, which the docker sandbox does not have.", lab.Number, d.Needed()),
				Next: "Use another sandbox than docker.", Err: sandbox.ErrUnfit}
		}
	}
	e, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	p.swept.Do(func() { err = p.sweep(context.WithoutCancel(ctx), e) })
	if err == nil {
		err = e.Has(ctx, imagesOf(all)...)
	}
	if err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// imagesOf are those that a sandbox is made of.
func imagesOf(all []part.Definition) (names []string) {
	for _, d := range all {
		if d.Engine {
			names = append(names, images.Go, images.Base, images.Postgres)
			continue
		}
		names = append(names, images.Base) // the proxy's
		if !d.Container.ImageUser {        // an author's own image may be pulled
			names = append(names, d.Container.Image)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Sweep removes what programs that are gone have left in the engine and in the
// data folder.
func (p *Provider) Sweep() error {
	ctx := context.Background()
	e, err := connect(ctx)
	if err != nil {
		return cleanup.Sweep(p.records(), func(string) {}) // without an engine that is all there is
	}
	defer e.Close()
	return p.sweep(ctx, e)
}

func (p *Provider) sweep(ctx context.Context, e *docker) error {
	return errors.Join(e.sweep(ctx), cleanup.Sweep(p.records(), func(string) {}), p.removeDangling(ctx, e))
}

// removeDangling removes what builds left in the engine. While the program runs it
// makes the next build quick; it can be a gigabyte.
func (p *Provider) removeDangling(ctx context.Context, e *docker) error {
	ctx, cancel := context.WithTimeout(ctx, sweepLimit)
	defer cancel()
	return p.dangling.Remove(ctx, e.DaemonHost(), 0)
}

func (p *Provider) records() string { return filepath.Join(p.config.Data, "run", "containers") }

// Open brings all parts up, and returns when they answer. Where another program
// was quicker to take a port, it opens on others.
func (p *Provider) Open(ctx context.Context, request sandbox.Request) (sandbox.Sandbox, error) {
	return runtime.OpenWithRetry(ctx, func() (*runtime.Sandbox, error) { return p.openOnce(ctx, request) })
}

func (p *Provider) openOnce(ctx context.Context, request sandbox.Request) (*runtime.Sandbox, error) {
	e, err := p.engineFor(ctx, request.Lab)
	if err != nil {
		return nil, err
	}
	if err := cleanup.StartReaper(p.records()); err != nil {
		e.Close()
		return nil, err
	}
	disk := runtime.Disk(p.config.Data)
	if err := disk.CheckSpace(); err != nil {
		e.Close()
		return nil, err
	}
	stack, err := p.stackFor(e, request)
	if err != nil {
		return nil, disk.Translate(fmt.Errorf("open sandbox: %w", err))
	}
	b, err := runtime.New(runtime.Config{Request: request, Provider: p.Name(), Data: p.config.Data,
		Builder: p.services, Fixtures: p.fixtures, Disk: disk, OpenSet: &p.open}, stack)
	if backend := stack.Backend.(*backend); err == nil && backend.sharesEngine {
		p.built.Store(true)
		err = backend.openDockerProxy(ctx, request.Workspace)
	}
	if err == nil {
		err = b.Open(ctx)
	}
	if err != nil {
		b.Close()
		return nil, disk.Translate(fmt.Errorf("open sandbox: %w", engine.Translate(err)))
	}
	if p.config.WarmPool {
		p.pool.Refill(request.Lab)
	}
	return b, nil
}

// stackFor returns the one of the warm pool that matches the lab, else a new
// one, in the engine that is the stack's from now on.
func (p *Provider) stackFor(e *docker, request sandbox.Request) (*runtime.Stack, error) {
	if stack := p.pool.Get(request.Lab); stack != nil {
		e.Close() // it has its own
		return stack, nil
	}
	return p.newStack(e, request.Lab, request.Learner)
}

// newStack places the lab's parts on a backend of their own, in the engine that
// is the stack's from now on.
func (p *Provider) newStack(e *docker, lab *labs.Lab, learner string) (*runtime.Stack, error) {
	all, err := p.config.Kinds.Define(lab)
	if err != nil {
		e.Close()
		return nil, err
	}
	b, err := p.newBackend(e, lab.Folder, learner)
	if err != nil {
		return nil, err
	}
	return runtime.NewStack(lab, b, all)
}

// Warm starts a stack ahead for the lab, unless there is one, and returns when it
// answers.
func (p *Provider) Warm(ctx context.Context, lab *labs.Lab) error {
	if err := p.Offers(ctx, lab); err != nil {
		return err
	}
	return p.pool.Fill(ctx, lab)
}

// fixtures builds the program that holds the proxy and the given services.
func (p *Provider) fixtures(ctx context.Context, s *runtime.Stages) (string, error) {
	return runtime.Fixtures(ctx, p.tools, p.config.Root, s)
}

// Close ends every sandbox that is still open, and the warm pool.
func (p *Provider) Close() error {
	var ends sync.WaitGroup
	ends.Go(p.open.Close)
	ends.Go(p.pool.Close)
	ends.Wait()
	if !p.built.Load() {
		return nil
	}
	e, err := connect(context.Background())
	if err != nil {
		return nil // then nothing can be removed
	}
	defer e.Close()
	return p.removeDangling(context.Background(), e)
}
