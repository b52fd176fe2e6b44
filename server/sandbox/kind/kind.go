// Package kind opens sandboxes for labs that need Kubernetes: clusters whose
// nodes are containers, made by kind. Each sandbox has a fresh one, from a warm
// pool where it can, and takes it along when it closes. The package knows
// nothing of checks, pages, or where a workspace comes from. It is one package
// because a cluster's making, its nodes and its removal share what kind and the
// engine each know of it.
package kind

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"cnalab/fixtures/images"
	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/part"
	"cnalab/server/sandbox/runtime"
	"cnalab/server/sandbox/warmpool"
)

// Config says where the provider keeps things.
type Config struct {
	Data     string     // the data folder
	Kinds    part.Kinds // the kinds of parts that a lab may have
	Images   []string   // loaded into every cluster; the fixtures where it is empty
	WarmPool bool       // make a cluster ahead after a sandbox was opened
}

// Provider opens sandboxes in clusters of its own.
type Provider struct {
	config Config
	swept  sync.Once
	ctx    context.Context // ends with the provider
	cancel context.CancelFunc
	work   sync.WaitGroup // what is done while nobody waits for it

	room func(context.Context, *engine.Engine, shape) error // checkRoom, but in tests

	open   runtime.OpenSet
	pool   warmpool.Pool[*runtime.Stack]
	mu     sync.Mutex
	unused map[*cluster]bool // no sandbox has it: it is for the pool, or being removed
	closed bool
}

// New returns a provider. It does nothing yet.
func New(config Config) *Provider {
	if len(config.Images) == 0 {
		config.Images = []string{images.Fixtures}
	}
	p := &Provider{config: config, room: checkRoom, unused: map[*cluster]bool{}}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.pool = warmpool.Pool[*runtime.Stack]{New: p.newForPool, Delay: 5 * time.Second, StartTimeout: 5 * time.Minute}
	return p
}

// Name is "kind".
func (p *Provider) Name() string { return "kind" }

// Offers returns nil where the lab needs a cluster and nothing beside it, and
// the machine can carry one more.
func (p *Provider) Offers(ctx context.Context, lab *labs.Lab) error {
	all, err := p.config.Kinds.Define(lab)
	if err != nil {
		return err
	}
	if err := onlyCluster(lab, all); err != nil {
		return err
	}
	if _, err := exec.LookPath("docker"); err != nil {
		return &labs.Problem{Kind: labs.Machine, Say: "The docker command is not on your PATH.", Next: "Install Docker's command line.", Err: err}
	}
	e, err := engine.Connect(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	p.swept.Do(p.sweepInBackground)
	if err := e.Has(ctx, append([]string{images.Node}, p.config.Images...)...); err != nil {
		return err
	}
	if p.hasUnused() {
		return nil // Open takes it, or waits until it is gone and looks again
	}
	return p.room(ctx, e, shapeOf(all))
}

// onlyCluster turns down what a sandbox with nothing but a cluster cannot run.
func onlyCluster(lab *labs.Lab, all []part.Definition) error {
	if !slices.ContainsFunc(all, func(d part.Definition) bool { return d.Cluster != nil }) {
		return &labs.Problem{Kind: labs.Machine, Say: fmt.Sprintf("Lab %s needs no cluster.", lab.Number), Next: "Use another sandbox than kind.", Err: sandbox.ErrUnfit}
	}
	for _, d := range all {
		switch {
		case d.Program != nil:
			return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("Lab %s has services, which the kind sandbox does not build.", lab.Number),
				Next: "Run them in the cluster, and take them out of lab.yaml."}
		case d.Cluster == nil:
			return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("Lab %s needs %s beside its cluster, which the kind sandbox does not have.", lab.Number, d.Needed()),
				Next: "Run it in the cluster, and take it out of parts in lab.yaml."}
		}
	}
	return nil
}

func (p *Provider) records() string { return filepath.Join(p.config.Data, "run", "clusters") }

// Open brings a cluster up, or takes the one from the pool, and returns when its
// nodes are ready. Where another program was quicker to take a port, it opens
// on others.
func (p *Provider) Open(ctx context.Context, request sandbox.Request) (sandbox.Sandbox, error) {
	return runtime.OpenWithRetry(ctx, func() (*runtime.Sandbox, error) { return p.openOnce(ctx, request) })
}

func (p *Provider) openOnce(ctx context.Context, request sandbox.Request) (*runtime.Sandbox, error) {
	if err := p.Offers(ctx, request.Lab); err != nil {
		return nil, err
	}
	if err := cleanup.StartReaper(p.records()); err != nil {
		return nil, err
	}
	disk := runtime.Disk(p.config.Data)
	if err := disk.CheckSpace(); err != nil {
		return nil, err
	}
	stack, err := p.stackFor(ctx, request)
	if err != nil {
		return nil, disk.Translate(fmt.Errorf("open sandbox: %w", err))
	}
	b, err := runtime.New(runtime.Config{Request: request, Provider: p.Name(), Data: p.config.Data, Disk: disk, OpenSet: &p.open}, stack)
	if err == nil {
		err = b.Open(ctx)
	}
	if err != nil {
		b.Close()
		<-clusterOf(stack).gone // nothing is left of a sandbox that did not open
		return nil, disk.Translate(fmt.Errorf("open sandbox: %w", translate(err)))
	}
	if p.config.WarmPool {
		p.pool.Refill(request.Lab)
	}
	return b, nil
}

// Close ends every sandbox that is still open, and removes every cluster.
func (p *Provider) Close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cancel()
	var ends sync.WaitGroup
	ends.Go(p.open.Close)
	ends.Go(p.pool.Close)
	ends.Wait()
	p.work.Wait()
	return nil
}
