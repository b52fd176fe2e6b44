package kind

import (
	"context"
	"fmt"
	"os"
	"sync"

	"golang.org/x/sync/errgroup"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/database"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/runtime"
)

// backend runs one sandbox's parts: the nodes of a cluster of its own.
type backend struct {
	provider   *Provider
	cluster    *cluster
	events     sandbox.EventBus
	nodes      []*node
	components []*runtime.Component
	kubectl    string // folder with a kubectl; empty where the machine has one
	started    bool

	once sync.Once
}

// newBackend takes what a cluster needs, in the engine that is the cluster's
// from now on, and starts nothing yet.
func (p *Provider) newBackend(e *engine.Engine, s shape, request sandbox.Request) (*backend, error) {
	c, err := p.newCluster(e, s, request)
	if err != nil {
		return nil, err
	}
	g := &backend{provider: p, cluster: c, kubectl: p.kubectlFolder()}
	for _, name := range s.nodes() {
		n := &node{cluster: c, name: c.container(name), address: newNodeAddress(c, name)}
		g.nodes = append(g.nodes, n)
		g.components = append(g.components, runtime.NewComponent(name, "node", c.folder, n.workload(), &g.events,
			func() (runtime.Program, error) { return runtime.Program{}, nil }))
	}
	return g, nil
}

// environment is what checks and terminals are told of the cluster.
func (g *backend) environment() []string {
	env := []string{labs.EnvKube + "=" + g.cluster.config()}
	for _, number := range labs.NodePorts {
		env = append(env, labs.EnvNodePort(number)+"="+g.cluster.ports[number])
	}
	if g.kubectl != "" {
		env = append(env, "PATH="+g.kubectl+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	return env
}

// What follows is runtime.Backend. What services there are run in the cluster.

func (g *backend) Components() []*runtime.Component { return g.components }

func (g *backend) InternalAddress(string) string { return "" }

func (g *backend) Folder() string { return g.cluster.folder }

func (g *backend) Events() *sandbox.EventBus { return &g.events }

func (g *backend) Databases() *database.Server { return nil }

func (g *backend) Workload(service string) (runtime.Workload, error) {
	return runtime.Workload{}, fmt.Errorf("run %s: services run in the cluster", service)
}

// Start makes the cluster and hands its nodes over. One from the pool has been
// started before: it gets the images that have changed since.
func (g *backend) Start(ctx context.Context, s *runtime.Stages) error {
	ctx, release, err := g.cluster.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if !g.started {
		err = g.startFirst(ctx, s)
	} else if c := g.cluster; c.stale(ctx, g.provider.config.Images) {
		err = s.Run("load images", func() error { return c.load(ctx, g.provider.config.Images) })
	}
	g.started = err == nil
	return err
}

func (g *backend) startFirst(ctx context.Context, s *runtime.Stages) error {
	if err := g.cluster.make(ctx, g.provider.config.Images, s); err != nil {
		return err
	}
	if err := g.installKubectl(ctx, s); err != nil {
		return err
	}
	return s.Run("hand over the nodes", func() error {
		group, ctx := errgroup.WithContext(ctx)
		for _, part := range g.components {
			group.Go(func() error { return part.Start(ctx) })
		}
		return group.Wait()
	})
}

// Healthy reports whether every node still is ready.
func (g *backend) Healthy() bool {
	for i, n := range g.nodes {
		if !g.components[i].IsReady() || n.ready(context.Background()) != nil {
			return false
		}
	}
	return true
}

// Close ends the sandbox. Its cluster is removed while nobody waits.
func (g *backend) Close() error {
	g.once.Do(func() {
		for _, n := range g.nodes {
			n.release() // it goes with the cluster
		}
		for _, p := range g.components {
			p.Close()
		}
		g.provider.remove(g.cluster)
	})
	return nil
}
