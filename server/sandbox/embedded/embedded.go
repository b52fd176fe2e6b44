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
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/gobuild"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/part"
	"cnalab/server/sandbox/runtime"
	"cnalab/server/sandbox/warmpool"
)

// Config says where the provider finds and keeps things.
type Config struct {
	Root string // the repository's root, from which the fixtures are built
	Data string // the data folder
	// Hides are folders that are not for the learner's services to see, beside the
	// data folder, the project and the lab.
	Hides []string
	// Prebuilt is a folder where the fixtures may be built already; may be empty.
	Prebuilt string
	// Kinds are the kinds of parts that a lab may have.
	Kinds part.Kinds
	// WarmPool keeps one stack started after a sandbox was opened, so that the
	// next one opens quicker.
	WarmPool bool
}

// Provider opens embedded sandboxes.
type Provider struct {
	config   Config
	place    string // where other accounts can go; Data, if they can
	services *gobuild.Builder
	tools    *gobuild.Builder // builds the fixtures

	preparing sync.Mutex
	prepared  bool

	open runtime.OpenSet
	pool warmpool.Pool[*runtime.Stack]
}

// New returns a provider. It does nothing yet; the first use also sweeps
// away what a killed server has left.
func New(config Config) *Provider {
	cache := filepath.Join(config.Data, "cache", "programs")
	p := &Provider{config: config,
		services: &gobuild.Builder{Cache: cache},
		tools:    &gobuild.Builder{Cache: cache, Online: true, Prebuilt: config.Prebuilt},
	}
	p.pool = warmpool.Pool[*runtime.Stack]{New: p.newStack, Delay: 2 * time.Second, StartTimeout: time.Minute}
	return p
}

// Name is "embedded".
func (p *Provider) Name() string { return "embedded" }

// Offers returns nil where every part of the lab runs as a process, and the
// machine has what they take.
func (p *Provider) Offers(ctx context.Context, lab *labs.Lab) error {
	all, err := p.config.Kinds.Define(lab)
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.Process == nil && d.Program == nil {
			return &labs.Problem{Kind: labs.Machine, Say: fmt.Sprintf("Lab %s needs %s, which the embedded sandbox does not have.", lab.Number, d.Needed()),
				Next: "Do it on a machine with a Docker engine.", Err: sandbox.ErrUnfit}
		}
	}
	if _, err := exec.LookPath("go"); err != nil {
		return &labs.Problem{Kind: labs.Machine, Say: "The go command is not on your PATH.", Next: "Install Go 1.26 or newer.", Err: err}
	}
	for _, d := range all {
		if available := p.config.Kinds[d.Kind].Available; available != nil {
			if err := available(ctx); err != nil {
				return err
			}
		}
	}
	return p.prepareOnce()
}

// Sweep ends the processes and removes the folders that a server has left
// that was killed. A server does it when it starts.
func (p *Provider) Sweep() error {
	return cleanup.Sweep(p.records(), p.release)
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
	stack := p.pool.Get(request.Lab)
	if stack == nil {
		var err error
		if stack, err = p.newStack(ctx, request.Lab); err != nil {
			return nil, disk.Translate(fmt.Errorf("open sandbox: %w", err))
		}
	}
	b, err := runtime.New(runtime.Config{Request: request, Provider: p.Name(), Data: p.config.Data,
		Builder: p.services, Fixtures: p.fixtures, Disk: disk, OpenSet: &p.open}, stack)
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

// Warm starts a stack ahead for the lab, unless there is one, and returns when
// it answers. The next sandbox of a lab with the same parts stands on it.
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

// Close ends every sandbox that is still open, and the warm pool.
func (p *Provider) Close() error {
	var ends sync.WaitGroup
	ends.Go(p.open.Close)
	ends.Go(p.pool.Close)
	ends.Wait()
	return nil
}
