package kind

import (
	"context"
	"fmt"
	"os"
	"sync"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/part"
	"cnalab/server/sandbox/runtime"
)

// backend runs one sandbox's parts: the nodes of a cluster of its own.
type backend struct {
	provider *Provider
	cluster  *cluster
	events   sandbox.EventBus
	nodes    []*node
	kubectl  string        // folder with a kubectl; empty where the machine has one
	made     chan struct{} // closed when the cluster is

	once sync.Once
}

// newStack takes what a cluster needs, in the engine that is the cluster's from
// now on, and starts nothing yet.
func (p *Provider) newStack(e *engine.Engine, request sandbox.Request) (*runtime.Stack, error) {
	all, err := p.config.Kinds.Define(request.Lab)
	if err != nil {
		e.Close()
		return nil, err
	}
	c, err := p.newCluster(e, shapeOf(all), request)
	if err != nil {
		return nil, err
	}
	b := &backend{provider: p, cluster: c, kubectl: p.kubectlFolder(), made: make(chan struct{})}
	return runtime.NewStack(request.Lab, b, all)
}

// clusterOf is the cluster that a stack's nodes are of.
func clusterOf(s *runtime.Stack) *cluster { return s.Backend.(*backend).cluster }

// What follows is runtime.Backend.

// Environment is what checks and terminals are told of the cluster.
func (b *backend) Environment() []string {
	env := []string{labs.EnvKube + "=" + b.cluster.config()}
	for _, number := range labs.NodePorts {
		env = append(env, labs.EnvNodePort(number)+"="+b.cluster.ports[number])
	}
	if b.kubectl != "" {
		env = append(env, "PATH="+b.kubectl+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	return env
}

func (b *backend) Folder() string { return b.cluster.folder }

func (b *backend) Events() *sandbox.EventBus { return &b.events }

// Workloads are the cluster's nodes.
func (b *backend) Workloads(d part.Definition) (all []runtime.Workload, err error) {
	if d.Cluster == nil {
		return nil, fmt.Errorf("run %s: services run in the cluster", d.Name)
	}
	for _, name := range b.cluster.shape.nodes() {
		n := &node{backend: b, cluster: b.cluster, name: b.cluster.container(name), address: newNodeAddress(b.cluster, name)}
		b.nodes = append(b.nodes, n)
		w := n.workload()
		w.Name, w.Kind, w.StartStage = name, "node", "hand over the nodes"
		all = append(all, w)
	}
	return all, nil
}

// Start makes the cluster. One from the pool has been made before: it gets the
// images that have changed since.
func (b *backend) Start(ctx context.Context, s *runtime.Stages) error {
	ctx, release, err := b.cluster.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if b.cluster.kube == nil {
		return b.makeCluster(ctx, s)
	}
	if c := b.cluster; c.stale(ctx, b.provider.config.Images) {
		return s.Run("load images", func() error { return c.load(ctx, b.provider.config.Images) })
	}
	return nil
}

func (b *backend) makeCluster(ctx context.Context, s *runtime.Stages) error {
	if err := b.cluster.make(ctx, b.provider.config.Images, s); err != nil {
		return err
	}
	if err := b.installKubectl(ctx, s); err != nil {
		return err
	}
	close(b.made)
	return nil
}

// awaitCluster waits until the cluster is made.
func (b *backend) awaitCluster(ctx context.Context, _ *runtime.Stages) error {
	select {
	case <-b.made:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Healthy reports whether every node still is ready.
func (b *backend) Healthy() bool {
	for _, n := range b.nodes {
		if n.ready(context.Background()) != nil {
			return false
		}
	}
	return true
}

// Closing lets the nodes go with the cluster: nobody waits for their end.
func (b *backend) Closing() {
	for _, n := range b.nodes {
		n.release()
	}
}

// Close ends the sandbox. Its cluster is removed while nobody waits.
func (b *backend) Close() error {
	b.once.Do(func() { b.provider.remove(b.cluster) })
	return nil
}
