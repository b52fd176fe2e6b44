package kind

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/database"
	"cnalab/server/sandbox/runtime"
)

// ground is what one sandbox stands on: a cluster that is its own until it
// closes.
type backend struct {
	provider   *Provider
	cluster    *cluster
	folder     string // the sandbox's own, below the cluster's
	events     sandbox.EventBus
	nodes      []*node
	components []*runtime.Component
	ctl        string // folder with a kubectl; empty where the machine has one

	once sync.Once
}

// newGround makes a folder and parts for the cluster's nodes, and starts
// nothing yet.
func newBackend(p *Provider, c *cluster) (*backend, error) {
	folder, err := os.MkdirTemp(c.folder, "sandbox-")
	if err != nil {
		return nil, fmt.Errorf("make sandbox: %w", err)
	}
	g := &backend{provider: p, cluster: c, folder: folder, ctl: p.ctlFolder()}
	for _, name := range c.shape.nodes() {
		n := &node{cluster: c, name: c.container(name), address: newNodeAddress(c, name)}
		g.nodes = append(g.nodes, n)
		g.components = append(g.components, runtime.NewComponent(name, "node", folder, n.workload(), &g.events,
			func() (runtime.Program, error) { return runtime.Program{}, nil }))
	}
	return g, nil
}

// environment is what checks and terminals are told of the cluster.
func (g *backend) environment() []string {
	env := []string{labs.EnvKube + "=" + g.config()}
	for _, number := range labs.NodePorts {
		env = append(env, labs.EnvNodePort(number)+"="+g.cluster.ports[number])
	}
	if g.ctl != "" {
		env = append(env, "PATH="+g.ctl+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	return env
}

func (g *backend) config() string { return filepath.Join(g.folder, "kubeconfig") }

// Parts, Inside, Folder, Feed, Databases and Slot are of box.Ground. What
// services there are run in the cluster.

func (g *backend) Components() []*runtime.Component { return g.components }

func (g *backend) InternalAddress(string) string { return "" }

func (g *backend) Folder() string { return g.folder }

func (g *backend) Events() *sandbox.EventBus { return &g.events }

func (g *backend) Databases() *database.Server { return nil }

func (g *backend) Workload(service string) (runtime.Workload, error) {
	return runtime.Workload{}, fmt.Errorf("run %s: services run in the cluster", service)
}

// Start makes the cluster where it is not the warm one, and hands it over.
func (g *backend) Start(ctx context.Context, s *runtime.Stages) error {
	if err := g.begin(ctx, s); err != nil {
		return err
	}
	if err := g.installCtl(ctx, s); err != nil {
		return err
	}
	config, err := os.ReadFile(g.cluster.config())
	if err == nil {
		err = os.WriteFile(g.config(), config, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write kubeconfig: %w", err)
	}
	return s.Run("hand over the nodes", func() error {
		group, ctx := errgroup.WithContext(ctx)
		for _, part := range g.components {
			group.Go(func() error { return part.Start(ctx) })
		}
		return group.Wait()
	})
}

func (g *backend) begin(ctx context.Context, s *runtime.Stages) error {
	c, images := g.cluster, g.provider.config.Images
	switch {
	case !c.made:
		return c.make(ctx, images, s)
	case c.stale(ctx, images):
		if err := s.Run("load images", func() error { return c.load(ctx, images) }); err != nil {
			return err
		}
		return s.Run("note what there is", func() error { return c.note(ctx) })
	}
	return nil
}

// Close ends the sandbox, and hands the cluster back.
func (g *backend) Close() error {
	g.once.Do(func() {
		for _, n := range g.nodes {
			n.free() // it runs on for the next one
		}
		for _, p := range g.components {
			p.Close()
		}
		ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
		defer cancel()
		removeWorkbenches(ctx, g.cluster.engine, g.cluster.name) // what is left the cluster's end removes
		os.RemoveAll(g.folder)
		g.provider.handBack(g.cluster)
	})
	return nil
}
