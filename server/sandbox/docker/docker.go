// Package docker opens sandboxes in a Docker engine: a real Kafka, a real
// Postgres and the lab's services, each a container of its own in a network of
// its own, reached through links that can be slowed and cut. It knows nothing
// of checks, pages, or where a workspace comes from.
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
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/box"
	"cnalab/server/sandbox/build"
	"cnalab/server/sandbox/docker/door"
	"cnalab/server/sandbox/lease"
	"cnalab/server/sandbox/reaper"

	"cnalab/server/sandbox/engine"
)

// Config says where the provider finds and keeps things.
type Config struct {
	Root  string // the repository's root, from which the fixtures are built
	Data  string // the data folder
	Spare bool   // keep one ground started after a sandbox was opened
}

// Provider opens sandboxes in the Docker engine of this machine.
type Provider struct {
	config   Config
	left     *door.Left // what builds of learners leave in the engine
	swept    sync.Once
	services *build.Builder
	tools    *build.Builder // builds the fixtures

	built  atomic.Bool // a learner may have built images
	mu     sync.Mutex
	boxes  []*box.Box
	spare  *ground
	warmer *time.Timer
	shut   bool
}

// New returns a provider. It does nothing yet.
func New(config Config) *Provider {
	cache := filepath.Join(config.Data, "cache", "containers")
	linux := []string{"GOOS=linux"} // whatever this machine is, its containers are
	return &Provider{config: config, left: door.LeftIn(filepath.Join(config.Data, "run", "containers", "builds")),
		services: &build.Builder{Cache: cache, Env: linux},
		tools:    &build.Builder{Cache: cache, Env: linux, Online: true},
	}
}

// Name is "docker".
func (p *Provider) Name() string { return "docker" }

// Offers returns nil where the lab needs nothing that an engine has not, and
// an engine answers that has the images.
func (p *Provider) Offers(ctx context.Context, lab *labs.Lab) error {
	if lab.Wants(labs.Kubernetes) {
		return &labs.Problem{Kind: labs.Machine, Say: fmt.Sprintf("Lab %s needs a cluster, which the docker sandbox does not have.", lab.Number),
			Next: "Use --sandbox kind.", Err: sandbox.ErrUnfit}
	}
	e, err := connect(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	p.swept.Do(func() { err = p.Sweep() })
	if err != nil {
		return err
	}
	return e.Has(ctx, imagesOf(lab)...)
}

// imagesOf are those that a lab's sandbox is made of.
func imagesOf(lab *labs.Lab) (names []string) {
	if lab.Wants(labs.Kafka) {
		names = append(names, images.Kafka)
	}
	if lab.Wants(labs.Postgres) {
		names = append(names, images.Postgres)
	}
	if len(names)+len(lab.Services) > 0 {
		names = append(names, images.Base)
	}
	if lab.Wants(labs.Docker) {
		names = append(names, images.Go, images.Base, images.Postgres)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Sweep removes what programs that are gone have left in the engine and in the
// data folder.
func (p *Provider) Sweep() error {
	return errors.Join(Sweep(context.Background()), lease.Sweep(p.leases(), func(string) {}), p.forget())
}

// forget removes what builds left in the engine. While the program runs it
// makes the next build quick; it can be a gigabyte.
func (p *Provider) forget() error {
	e, err := connect(context.Background())
	if err != nil {
		return nil // then nothing was built, or nothing can be removed
	}
	defer e.Close()
	ctx, cancel := context.WithTimeout(context.Background(), sweepLimit)
	defer cancel()
	return p.left.Remove(ctx, e.DaemonHost(), 0)
}

func (p *Provider) leases() string { return filepath.Join(p.config.Data, "run", "containers") }

// Open brings all parts up, and returns when they answer.
func (p *Provider) Open(ctx context.Context, request sandbox.Request) (sandbox.Sandbox, error) {
	if err := p.Offers(ctx, request.Lab); err != nil {
		return nil, err
	}
	if err := reaper.Start(); err != nil {
		return nil, err
	}
	disk := box.Disk(p.config.Data)
	g, err := p.takeGround(ctx, request)
	if err != nil {
		return nil, disk.Plain(fmt.Errorf("open sandbox: %w", err))
	}
	b, err := box.New(box.Config{Request: request, Provider: p.Name(), Data: p.config.Data,
		Builder: p.services, Fixtures: p.fixtures, Disk: disk, Closed: p.closed}, g)
	if err == nil {
		err = p.opened(b)
	}
	if err == nil && request.Lab.Wants(labs.Docker) {
		p.built.Store(true)
		b.Extra, err = g.openDoor(ctx, request.Workspace)
	}
	if err == nil {
		err = b.Open(ctx)
	}
	if err != nil {
		b.Close()
		return nil, disk.Plain(fmt.Errorf("open sandbox: %w", engine.Plain(err)))
	}
	p.warmSoon(request.Lab)
	return b, nil
}

// fixtures builds the program that holds the links and the given services.
func (p *Provider) fixtures(ctx context.Context, s *box.Stages) (path string, err error) {
	end := func(error) {}
	path, err = p.tools.Program(ctx, p.config.Root, "fixtures/run", func() { end = s.Begin("build the fixtures") })
	end(err)
	return path, err
}

// opened notes the sandbox, so that Close ends it with the provider.
func (p *Provider) opened(b *box.Box) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut {
		return box.Gone()
	}
	p.boxes = append(p.boxes, b)
	return nil
}

func (p *Provider) closed(b *box.Box) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.boxes = slices.DeleteFunc(p.boxes, func(other *box.Box) bool { return other == b })
}

// Close ends every sandbox that is still open, and the spare.
func (p *Provider) Close() error {
	p.mu.Lock()
	p.shut = true
	boxes, spare := slices.Clone(p.boxes), p.spare
	p.spare = nil
	if p.warmer != nil {
		p.warmer.Stop()
	}
	p.mu.Unlock()
	var ends sync.WaitGroup
	for _, b := range boxes {
		ends.Go(func() { b.Close() })
	}
	if spare != nil {
		ends.Go(func() { spare.Close() })
	}
	ends.Wait()
	if p.built.Load() {
		return p.forget()
	}
	return nil
}
