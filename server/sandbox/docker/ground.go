package docker

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/database"
	"cnalab/server/sandbox/docker/dockerproxy"
	"cnalab/server/sandbox/runtime"

	"cnalab/server/sandbox/engine"
)

// ground is what a sandbox stands on: a lease, a network, the links, and the
// containers that its lab needs.
type backend struct {
	provider      *Provider
	engine        *docker
	shape         shape
	labels        map[string]string
	record        *cleanup.Record
	folder        string
	events        sandbox.EventBus
	proxy         *proxyContainer
	internal      map[string]string // addresses in the network, by part
	serviceRoutes map[string]*route // to the services
	components    []*runtime.Component
	databases     *database.Server
	sat           atomic.Int64  // seats
	made          atomic.Int64  // containers
	begun         chan struct{} // closed when the broker's container runs, or has failed to
	sitting       sync.Mutex
	seats         map[string]*reserved // for the next start of services; guarded by sitting

	ctx     context.Context // ends with the ground
	cancel  context.CancelFunc
	pending sync.WaitGroup // who may be making a container

	dockerProxy *dockerproxy.Proxy // nil where the lab does not use the engine itself
	once        sync.Once          // closes
	closed      error
}

// shape is what a ground is made for: grounds of one shape are interchangeable.
type shape struct {
	needs    []labs.Need
	services []string
}

func (s shape) same(other shape) bool {
	return slices.Equal(s.needs, other.needs) && slices.Equal(s.services, other.services)
}

func shapeOf(lab *labs.Lab) shape { return shape{needs: runtime.NeedsOf(lab), services: lab.Services} }

// newGround takes a lease, a folder and addresses, and starts nothing yet. The
// engine is the ground's from now on, also where there is an error.
func (p *Provider) newBackend(e *docker, s shape, lab, learner string) (*backend, error) {
	held, err := cleanup.NewRecord(p.records())
	if err != nil {
		e.Close()
		return nil, err
	}
	g := &backend{provider: p, engine: e, shape: s, record: held, folder: filepath.Join(p.records(), held.ID()),
		labels: labelsOf(held.ID(), lab, learner), internal: map[string]string{}, serviceRoutes: map[string]*route{}, begun: make(chan struct{}), seats: map[string]*reserved{}}
	g.ctx, g.cancel = context.WithCancel(context.Background())
	err = held.Folder(g.folder, 0o700)
	if err == nil {
		g.proxy, err = newProxyContainer(rand.Text())
	}
	for _, need := range s.needs {
		if err == nil {
			err = g.add(need)
		}
	}
	if err == nil {
		err = g.addServiceRoutes()
	}
	if err != nil {
		g.Close()
		return nil, fmt.Errorf("make sandbox: %w", err)
	}
	return g, nil
}

func (g *backend) add(need labs.Need) error {
	make := g.kafka
	if need == labs.Postgres {
		make = g.postgres
	}
	slot, err := make()
	if err != nil {
		return err
	}
	g.components = append(g.components, runtime.NewComponent(string(need), string(need), g.folder, slot, &g.events,
		func() (runtime.Program, error) { return runtime.Program{}, nil }))
	return nil
}

// empty reports whether the sandbox has nothing that would need a network.
func (g *backend) empty() bool { return len(g.shape.needs)+len(g.shape.services) == 0 }

// Parts, Inside, Folder, Feed and Databases are of box.Ground.

func (g *backend) Components() []*runtime.Component { return g.components }

func (g *backend) InternalAddress(part string) string { return g.internal[part] }

func (g *backend) Folder() string { return g.folder }

func (g *backend) Events() *sandbox.EventBus { return &g.events }

func (g *backend) Databases() *database.Server { return g.databases }

// Start brings up the network, and then links and parts side by side.
func (g *backend) Start(ctx context.Context, s *runtime.Stages) error {
	if g.empty() || g.proxy.isUp() {
		return nil
	}
	if err := s.Run("make network", func() error { return g.makeNetwork(ctx) }); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range g.components {
		group.Go(func() error { return s.Run("start "+title(part.Name()), func() error { return part.Start(ctx) }) })
		g.headStart(ctx, part.Name())
	}
	group.Go(func() error { return g.startProxy(ctx, s) })
	group.Go(func() error { return g.seatAll(ctx) })
	return group.Wait()
}

// headStart waits until the broker's container runs: it takes longest, and
// containers that start together all wait for the last.
func (g *backend) headStart(ctx context.Context, part string) {
	if part != string(labs.Kafka) {
		return
	}
	select {
	case <-g.begun:
	case <-ctx.Done():
	}
}

// title is the name of a part as people write it.
func title(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

func (g *backend) network() string { return "cnalab-" + g.record.ID() }

func (g *backend) makeNetwork(ctx context.Context) error {
	// Once asked for it is waited for: what appears later nobody would remove.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer cancel()
	_, err := g.engine.NetworkCreate(ctx, g.network(), client.NetworkCreateOptions{Driver: "bridge", Labels: g.labels})
	if err != nil {
		return fmt.Errorf("make network: %w", engine.Translate(err))
	}
	return nil
}

// openDoor gives the lab the engine itself, by a way of its own. It returns
// what checks and terminals are told of it.
func (g *backend) openDockerProxy(ctx context.Context, workspace string) (environment []string, err error) {
	// A socket's path may have about a hundred letters; a data folder's may have more.
	folder := filepath.Join(os.TempDir(), g.network())
	if err := g.record.Folder(folder, 0o700); err != nil {
		return nil, err
	}
	g.dockerProxy, err = dockerproxy.Open(ctx, dockerproxy.Config{Engine: g.engine.DaemonHost(), Socket: filepath.Join(folder, "docker.sock"),
		Labels: g.labels, Own: labelSandbox, Name: g.record.ID(), Workspace: workspace, Dangling: g.provider.dangling})
	if err != nil {
		return nil, err
	}
	// The classic builder is the one that every engine has, and that the door knows.
	return []string{labs.EnvDocker + "=" + g.dockerProxy.Address(), "DOCKER_BUILDKIT=0"}, nil
}

// Healthy reports whether every part still answers.
func (g *backend) Healthy() bool {
	return g.proxy.isUp() && !slices.ContainsFunc(g.components, func(p *runtime.Component) bool { return !p.IsReady() })
}

// Close removes everything the sandbox has in the engine, and its folder.
func (g *backend) Close() error {
	g.once.Do(func() {
		g.cancel()
		g.pending.Wait()
		var ends sync.WaitGroup
		for _, p := range g.components {
			ends.Go(p.Close)
		}
		ends.Wait()
		if g.dockerProxy != nil {
			g.dockerProxy.Close()
		}
		// Nothing is made any more.
		g.closed = g.engine.end(context.Background(), g.record.ID())
		g.engine.Close()
		if g.proxy != nil {
			g.proxy.free()
		}
		if err := g.record.End(); g.closed == nil {
			g.closed = err
		}
	})
	return g.closed
}
