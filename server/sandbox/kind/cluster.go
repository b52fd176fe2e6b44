package kind

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/kind/kube"
)

// shape is what a cluster is made for: clusters of one shape are
// interchangeable.
type shape struct{ workers int }

func shapeOf(lab *labs.Lab) shape { return shape{workers: lab.Cluster.Workers} }

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

// cluster is one cluster, from the wish for it to its end.
type cluster struct {
	engine *engine.Engine
	shape  shape
	name   string // "cnalab-" and its lease's
	labels map[string]string
	record *cleanup.Record
	folder string
	api    string         // where its API server is reached, HOST:PORT
	ports  map[int]string // where the nodes' ports are, by port

	made   bool // the rest is there
	kube   *kube.Client
	was    kube.Inventory     // what it holds when it is clean
	inside map[string]content // what its nodes hold then, by container
	loaded map[string]string  // which image the nodes have, by name

	once sync.Once // deleted
}

// newCluster takes a lease, a folder and addresses, and starts nothing yet.
func (p *Provider) newCluster(s shape, request sandbox.Request) (*cluster, error) {
	held, err := cleanup.NewRecord(p.records())
	if err != nil {
		return nil, err
	}
	c := &cluster{shape: s, name: prefix + held.ID(), record: held, folder: filepath.Join(p.records(), held.ID()),
		labels: labelsOf(held.ID(), request), ports: map[int]string{}, loaded: map[string]string{}}
	err = held.Folder(c.folder, 0o700)
	if err == nil {
		c.api, err = cleanup.ReservePort()
	}
	for _, number := range labs.NodePorts {
		if err == nil {
			c.ports[number], err = cleanup.ReservePort()
		}
	}
	if err == nil {
		c.engine, err = engine.Connect(context.Background())
	}
	if err != nil {
		c.delete()
		return nil, fmt.Errorf("make cluster: %w", err)
	}
	return c, nil
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

// healthy reports whether every node still is ready.
func (c *cluster) healthy(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	for _, name := range c.containers() {
		since, running := c.since(ctx, name)
		if !running || c.kube.Ready(ctx, name, since) != nil {
			return false
		}
	}
	return true
}

// delete removes everything of the cluster.
func (c *cluster) delete() error {
	var errs []error
	c.once.Do(func() {
		if c.kube != nil {
			c.kube.Close()
		}
		if c.engine != nil {
			errs = append(errs, remove(context.Background(), c.engine, c.name))
			c.engine.Close()
		}
		for _, address := range c.ports {
			cleanup.ReleasePort(address)
		}
		cleanup.ReleasePort(c.api)
		errs = append(errs, c.record.End())
	})
	return errors.Join(errs...)
}

// number is the port of an address.
func number(address string) int32 {
	_, text, _ := net.SplitHostPort(address)
	n, _ := strconv.Atoi(text)
	return int32(n)
}
