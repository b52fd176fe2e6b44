package kind

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/kind/kube"
	"cnalab/server/sandbox/part"
	"cnalab/server/sandbox/runtime"
)

// shape is what a cluster is made for: clusters of one shape are
// interchangeable.
type shape struct{ workers int }

func shapeOf(all []part.Definition) (s shape) {
	for _, d := range all {
		if d.Cluster != nil {
			s.workers = d.Cluster.Workers
		}
	}
	return s
}

// nodes are the names of the parts that a cluster of the shape has, as kind
// names its nodes.
func (s shape) nodes() []string {
	names := []string{controlPlane}
	for i := range s.workers {
		if i == 0 {
			names = append(names, "worker")
		} else {
			names = append(names, "worker"+strconv.Itoa(i+1))
		}
	}
	return names
}

const controlPlane = "control-plane"

// cluster is one cluster, from its folder and addresses to its end.
type cluster struct {
	engine *engine.Engine
	shape  shape
	name   string // "cnalab-" and its record's
	labels map[string]string
	record *cleanup.Record
	folder string
	api    string         // where its API server is reached, HOST:PORT
	ports  map[int]string // where the nodes' ports are, by port

	kube   *kube.Client      // once it is made
	loaded map[string]string // which image the nodes have, by name

	life context.Context // ends when the cluster is to be removed
	end  context.CancelFunc
	busy chan struct{} // held by whoever makes or removes it
	gone chan struct{} // closed when it is removed
}

// newCluster takes a record, a folder and addresses, and starts nothing yet.
// The engine is the cluster's from now on.
func (p *Provider) newCluster(e *engine.Engine, s shape, request sandbox.Request) (*cluster, error) {
	record, err := cleanup.NewRecord(p.records())
	if err != nil {
		e.Close()
		return nil, err
	}
	c := &cluster{engine: e, shape: s, name: prefix + record.ID(), record: record, folder: filepath.Join(p.records(), record.ID()),
		labels: labelsOf(record.ID(), request), ports: map[int]string{}, loaded: map[string]string{},
		busy: make(chan struct{}, 1), gone: make(chan struct{})}
	c.life, c.end = context.WithCancel(context.Background())
	err = record.Folder(c.folder, 0o700)
	if err == nil {
		c.api, err = cleanup.ReservePort()
	}
	for _, number := range labs.NodePorts {
		if err == nil {
			c.ports[number], err = cleanup.ReservePort()
		}
	}
	if err != nil {
		c.giveBack()
		return nil, fmt.Errorf("make cluster: %w", err)
	}
	return c, nil
}

// lock waits until nobody else makes or removes the cluster. The context that
// it returns ends with the cluster, too.
func (c *cluster) lock(ctx context.Context) (inner context.Context, release func(), err error) {
	select {
	case c.busy <- struct{}{}:
	case <-c.life.Done():
		return nil, nil, runtime.ErrClosed()
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	inner, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(c.life, cancel)
	return inner, func() { stop(); cancel(); <-c.busy }, nil
}

// container is the name of a node's container, and of the node.
func (c *cluster) container(node string) string { return c.name + "-" + node }

// containers are all of them.
func (c *cluster) containers() (names []string) {
	for _, node := range c.shape.nodes() {
		names = append(names, c.container(node))
	}
	return names
}

func (c *cluster) config() string { return filepath.Join(c.folder, "kubeconfig") }

// connect reads how the cluster is reached.
func (c *cluster) connect() error {
	text, err := os.ReadFile(c.config())
	if err == nil {
		c.kube, err = kube.New(text)
	}
	return err
}

// delete ends what makes the cluster, and removes everything of it.
func (c *cluster) delete() error {
	c.end()
	c.busy <- struct{}{} // and stays so: nobody makes it any more
	if c.kube != nil {
		c.kube.Close()
	}
	return errors.Join(remove(context.Background(), c.engine, c.name), c.giveBack())
}

// giveBack gives back what a cluster has taken before it was made.
func (c *cluster) giveBack() error {
	c.end()
	c.engine.Close()
	for _, address := range c.ports {
		cleanup.ReleasePort(address)
	}
	cleanup.ReleasePort(c.api)
	return c.record.End()
}

// number is the port of an address.
func number(address string) int32 {
	_, text, _ := net.SplitHostPort(address)
	n, _ := strconv.Atoi(text)
	return int32(n)
}
