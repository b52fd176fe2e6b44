// Package embedded opens sandboxes on a bare machine, without containers: a
// Kafka broker, a real Postgres server and the lab's services, each a process
// of its own behind an address that stays the same. It knows nothing of
// checks, pages, or where a workspace comes from.
package embedded

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/build"
	"cnalab/server/sandbox/embedded/postgres"
	"cnalab/server/sandbox/lease"
	"cnalab/server/sandbox/runtime"
)

// Config says where the provider finds and keeps things.
type Config struct {
	Root     string // the repository's root, from which the fixtures are built
	Prebuilt string // a folder where the fixtures may be built already; may be empty
	Data     string // the data folder
	// HideLocalPostgres uses the npm package's Postgres even where one is
	// installed. The variable CNALAB_HIDE_POSTGRES does the same.
	HideLocalPostgres bool
	// Spare keeps one ground started after a sandbox was opened, so that the
	// next one opens quicker.
	WarmPool bool
}

// Provider opens embedded sandboxes.
type Provider struct {
	config   Config
	place    string // where Postgres' user can go; Data, if it can
	store    *postgres.Store
	services *build.Builder
	tools    *build.Builder // builds the fixtures

	preparing sync.Mutex
	prepared  bool

	open runtime.OpenSet
	pool runtime.WarmPool[*backend]
}

// New returns a provider. It does nothing yet; the first use also sweeps
// away what a killed server has left.
func New(config Config) *Provider {
	cache := filepath.Join(config.Data, "cache", "programs")
	p := &Provider{config: config,
		services: &build.Builder{Cache: cache},
		tools:    &build.Builder{Cache: cache, Online: true, Prebuilt: config.Prebuilt},
	}
	p.pool = runtime.WarmPool[*backend]{Delay: 2 * time.Second, StartTimeout: time.Minute,
		New:     func(_ context.Context, lab *labs.Lab) (*backend, error) { return p.newBackend(runtime.NeedsOf(lab)) },
		Matches: func(g *backend, lab *labs.Lab) bool { return slices.Equal(g.needs, runtime.NeedsOf(lab)) }}
	return p
}

// Name is "embedded".
func (p *Provider) Name() string { return "embedded" }

// Offers returns nil where the lab needs nothing but Kafka and Postgres, and
// the machine has what they take.
func (p *Provider) Offers(ctx context.Context, lab *labs.Lab) error {
	for _, need := range lab.Needs {
		if !slices.Contains(runtime.Startable, need) {
			return &labs.Problem{Kind: labs.Machine, Say: fmt.Sprintf("Lab %s needs %s, which the embedded sandbox does not have.", lab.Number, need),
				Next: "Do it on a machine with a Docker engine.", Err: sandbox.ErrUnfit}
		}
	}
	if _, err := exec.LookPath("go"); err != nil {
		return &labs.Problem{Kind: labs.Machine, Say: "The go command is not on your PATH.", Next: "Install Go 1.26 or newer.", Err: err}
	}
	if lab.Wants(labs.Postgres) {
		if err := postgres.Available(ctx, p.config.Root, p.hidden()); err != nil {
			return err
		}
	}
	return p.ready()
}

// Sweep ends the processes and removes the folders that a server has left
// that was killed. A server does it when it starts.
func (p *Provider) Sweep() error {
	return lease.Sweep(p.records(), func(folder string) { postgres.Forget(filepath.Join(folder, "postgres")) })
}

func (p *Provider) records() string { return filepath.Join(p.config.Data, "run") }

// Open brings all parts up, and returns when they answer.
func (p *Provider) Open(ctx context.Context, request sandbox.Request) (sandbox.Sandbox, error) {
	if err := p.Offers(ctx, request.Lab); err != nil {
		return nil, err
	}
	disk := runtime.Disk(p.place)
	if err := disk.CheckSpace(); err != nil {
		return nil, err
	}
	g, ok := p.pool.Get(request.Lab)
	if !ok {
		var err error
		if g, err = p.newBackend(runtime.NeedsOf(request.Lab)); err != nil {
			return nil, disk.Translate(fmt.Errorf("open sandbox: %w", err))
		}
	}
	b, err := runtime.New(runtime.Config{Request: request, Provider: p.Name(), Data: p.config.Data,
		Builder: p.services, Fixtures: p.fixtures, Disk: disk, OpenSet: &p.open}, g)
	if err == nil {
		err = b.Open(ctx)
	}
	if err != nil {
		b.Close()
		return nil, disk.Translate(fmt.Errorf("open sandbox: %w", err))
	}
	if p.config.WarmPool {
		p.pool.Refill(request.Lab)
	}
	return b, nil
}

// Warm starts a spare ground for the lab, unless there is one, and returns
// when it answers. The next sandbox with the lab's needs stands on it.
func (p *Provider) Warm(ctx context.Context, lab *labs.Lab) error {
	if err := p.Offers(ctx, lab); err != nil {
		return err
	}
	return p.pool.Fill(ctx, lab)
}

// fixtures builds the program that holds the broker and the given services.
func (p *Provider) fixtures(ctx context.Context, s *runtime.Stages) (string, error) {
	return runtime.Fixtures(ctx, p.tools, p.config.Root, s)
}

// Close ends every sandbox that is still open, and the spare.
func (p *Provider) Close() error {
	var ends sync.WaitGroup
	ends.Go(p.open.Close)
	ends.Go(p.pool.Close)
	ends.Wait()
	return nil
}
