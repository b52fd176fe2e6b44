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
	"cnalab/server/sandbox/box"
	"cnalab/server/sandbox/database"
	"cnalab/server/sandbox/docker/door"
	"cnalab/server/sandbox/lease"

	"cnalab/server/sandbox/engine"
)

// ground is what a sandbox stands on: a lease, a network, the links, and the
// containers that its lab needs.
type ground struct {
	provider  *Provider
	engine    *docker
	shape     shape
	labels    map[string]string
	lease     *lease.Lease
	folder    string
	feed      sandbox.Feed
	links     *links
	inside    map[string]string // addresses in the network, by part
	entries   map[string]*line  // to the services
	parts     []*box.Part
	databases *database.Server
	sat       atomic.Int64  // seats
	made      atomic.Int64  // containers
	begun     chan struct{} // closed when the broker's container runs, or has failed to
	sitting   sync.Mutex
	seats     map[string]*reserved // for the next start of services; guarded by sitting

	life   context.Context // ends with the ground
	end    context.CancelFunc
	making sync.WaitGroup // who may be making a container

	door   *door.Door // nil where the lab does not use the engine itself
	once   sync.Once  // closes
	closed error
}

// shape is what a ground is made for: grounds of one shape are interchangeable.
type shape struct {
	needs    []labs.Need
	services []string
}

func (s shape) same(other shape) bool {
	return slices.Equal(s.needs, other.needs) && slices.Equal(s.services, other.services)
}

func shapeOf(lab *labs.Lab) shape { return shape{needs: box.NeedsOf(lab), services: lab.Services} }

// newGround takes a lease, a folder and addresses, and starts nothing yet. The
// engine is the ground's from now on, also where there is an error.
func (p *Provider) newGround(e *docker, s shape, lab, learner string) (*ground, error) {
	held, err := lease.New(p.leases())
	if err != nil {
		e.Close()
		return nil, err
	}
	g := &ground{provider: p, engine: e, shape: s, lease: held, folder: filepath.Join(p.leases(), held.ID()),
		labels: labelsOf(held.ID(), lab, learner), inside: map[string]string{}, entries: map[string]*line{}, begun: make(chan struct{}), seats: map[string]*reserved{}}
	g.life, g.end = context.WithCancel(context.Background())
	err = held.Folder(g.folder, 0o700)
	if err == nil {
		g.links, err = newLinks(rand.Text())
	}
	for _, need := range s.needs {
		if err == nil {
			err = g.add(need)
		}
	}
	if err == nil {
		err = g.enter()
	}
	if err != nil {
		g.Close()
		return nil, fmt.Errorf("make sandbox: %w", err)
	}
	return g, nil
}

func (g *ground) add(need labs.Need) error {
	make := g.kafka
	if need == labs.Postgres {
		make = g.postgres
	}
	slot, err := make()
	if err != nil {
		return err
	}
	g.parts = append(g.parts, box.NewPart(string(need), string(need), g.folder, slot, &g.feed,
		func() (box.Program, error) { return box.Program{}, nil }))
	return nil
}

// empty reports whether the sandbox has nothing that would need a network.
func (g *ground) empty() bool { return len(g.shape.needs)+len(g.shape.services) == 0 }

// Parts, Inside, Folder, Feed and Databases are of box.Ground.

func (g *ground) Parts() []*box.Part { return g.parts }

func (g *ground) Inside(part string) string { return g.inside[part] }

func (g *ground) Folder() string { return g.folder }

func (g *ground) Feed() *sandbox.Feed { return &g.feed }

func (g *ground) Databases() *database.Server { return g.databases }

// Start brings up the network, and then links and parts side by side.
func (g *ground) Start(ctx context.Context, s *box.Stages) error {
	if g.empty() || g.links.leads() {
		return nil
	}
	if err := s.Run("make network", func() error { return g.makeNetwork(ctx) }); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range g.parts {
		group.Go(func() error { return s.Run("start "+title(part.Name()), func() error { return part.Bring(ctx) }) })
		g.headStart(ctx, part.Name())
	}
	group.Go(func() error { return g.startLinks(ctx, s) })
	group.Go(func() error { return g.seatAll(ctx) })
	return group.Wait()
}

// headStart waits until the broker's container runs: it takes longest, and
// containers that start together all wait for the last.
func (g *ground) headStart(ctx context.Context, part string) {
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

func (g *ground) network() string { return "cnalab-" + g.lease.ID() }

func (g *ground) makeNetwork(ctx context.Context) error {
	// Once asked for it is waited for: what appears later nobody would remove.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), orderLimit)
	defer cancel()
	_, err := g.engine.NetworkCreate(ctx, g.network(), client.NetworkCreateOptions{Driver: "bridge", Labels: g.labels})
	if err != nil {
		return fmt.Errorf("make network: %w", engine.Plain(err))
	}
	return nil
}

// openDoor gives the lab the engine itself, by a way of its own. It returns
// what checks and terminals are told of it.
func (g *ground) openDoor(ctx context.Context, workspace string) (environment []string, err error) {
	// A socket's path may have about a hundred letters; a data folder's may have more.
	folder := filepath.Join(os.TempDir(), g.network())
	if err := g.lease.Folder(folder, 0o700); err != nil {
		return nil, err
	}
	g.door, err = door.Open(ctx, door.Config{Engine: g.engine.DaemonHost(), Socket: filepath.Join(folder, "docker.sock"),
		Labels: g.labels, Own: labelLease, Name: g.lease.ID(), Workspace: workspace, Left: g.provider.left})
	if err != nil {
		return nil, err
	}
	// The classic builder is the one that every engine has, and that the door knows.
	return []string{labs.EnvDocker + "=" + g.door.Address(), "DOCKER_BUILDKIT=0"}, nil
}

// Healthy reports whether every part still answers.
func (g *ground) Healthy() bool {
	return g.links.leads() && !slices.ContainsFunc(g.parts, func(p *box.Part) bool { return !p.Answering() })
}

// Close removes everything the sandbox has in the engine, and its folder.
func (g *ground) Close() error {
	g.once.Do(func() {
		g.end()
		g.making.Wait()
		var ends sync.WaitGroup
		for _, p := range g.parts {
			ends.Go(p.Close)
		}
		ends.Wait()
		if g.door != nil {
			g.door.Close()
		}
		// Nothing is made any more.
		g.closed = g.engine.end(context.Background(), g.lease.ID())
		g.engine.Close()
		if g.links != nil {
			g.links.free()
		}
		if err := g.lease.End(); g.closed == nil {
			g.closed = err
		}
	})
	return g.closed
}
