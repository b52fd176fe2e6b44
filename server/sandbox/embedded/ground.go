package embedded

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/box"
	"cnalab/server/sandbox/database"
	"cnalab/server/sandbox/embedded/child"
	"cnalab/server/sandbox/embedded/postgres"
	"cnalab/server/sandbox/lease"

	"golang.org/x/sync/errgroup"
)

// ground is what a sandbox stands on: a lease, a folder, and the parts its
// lab needs. It is the same for every lab with these needs, and so can be
// started before anyone asks for it.
type ground struct {
	provider  *Provider
	needs     []labs.Need
	feed      sandbox.Feed
	lease     *lease.Lease
	folder    string
	parts     []*box.Part
	listens   map[string]string // the parts' own addresses, by name
	inside    map[string]string // the addresses that others reach them at
	program   string            // the fixtures
	cluster   *postgres.Cluster // nil where Postgres is not needed
	databases *database.Server  // the same

	once sync.Once // closes
}

// newGround takes a lease, a folder and addresses, and starts nothing yet.
func (p *Provider) newGround(needs []labs.Need) (*ground, error) {
	held, err := lease.New(p.leases())
	if err != nil {
		return nil, err
	}
	g := &ground{provider: p, needs: needs, lease: held, folder: filepath.Join(p.place, "run", held.ID()), listens: map[string]string{}, inside: map[string]string{}}
	// Postgres' user passes through; it cannot look around.
	if err := held.Folder(g.folder, 0o711); err != nil {
		g.Close()
		return nil, fmt.Errorf("make sandbox: %w", err)
	}
	for _, need := range needs {
		part, err := g.need(need)
		if err != nil {
			g.Close()
			return nil, err
		}
		g.parts = append(g.parts, part)
	}
	return g, nil
}

// need makes the part of a need.
func (g *ground) need(need labs.Need) (*box.Part, error) {
	run := g.kafka
	if need == labs.Postgres {
		run = g.postgres
	}
	slot, err := g.slot(string(need), run)
	if err != nil {
		return nil, err
	}
	store := folder{path: filepath.Join(g.folder, string(need))}
	if need == labs.Postgres {
		slot.Answers = func(ctx context.Context) error { return g.databases.Ping(ctx) }
		store.owner = g.provider.store.Owner
	}
	slot.Store = store
	return box.NewPart(string(need), string(need), g.folder, slot, &g.feed, func() (box.Program, error) { return box.Program{}, nil }), nil
}

// Parts, Inside, Folder, Feed and Databases are of box.Ground.

func (g *ground) Parts() []*box.Part { return g.parts }

func (g *ground) Inside(part string) string { return g.inside[part] }

func (g *ground) Folder() string { return g.folder }

func (g *ground) Feed() *sandbox.Feed { return &g.feed }

func (g *ground) Databases() *database.Server { return g.databases }

// Start brings the ground's parts up, side by side. Those that run stay.
func (g *ground) Start(ctx context.Context, s *box.Stages) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range g.parts {
		if part.Answering() {
			continue
		}
		group.Go(func() error {
			if part.Name() == string(labs.Kafka) {
				return g.startKafka(ctx, s, part)
			}
			return g.startPostgres(ctx, s, part)
		})
	}
	return group.Wait()
}

func (g *ground) startKafka(ctx context.Context, s *box.Stages, kafka *box.Part) (err error) {
	if g.program, err = g.provider.fixtures(ctx, s); err != nil {
		return err
	}
	return s.Run("start Kafka", func() error { return kafka.Bring(ctx) })
}

func (g *ground) kafka(listen string, output io.Writer) (child.Spec, error) {
	return child.Spec{Path: g.program, Dir: g.folder, Env: basics(), Output: output, Lease: g.lease,
		Args: []string{"kafka", "--listen", listen, "--advertise", g.inside[string(labs.Kafka)],
			"--data", filepath.Join(g.folder, "kafka")}}, nil
}

func (g *ground) startPostgres(ctx context.Context, s *box.Stages, part *box.Part) error {
	return s.Run("start Postgres", func() error {
		cluster, err := g.provider.store.Copy(ctx, g.lease, filepath.Join(g.folder, "postgres"))
		if err != nil {
			return err
		}
		g.cluster, g.databases = cluster, cluster.Server(g.listens[string(labs.Postgres)])
		return part.Bring(ctx)
	})
}

func (g *ground) postgres(listen string, output io.Writer) (child.Spec, error) {
	return g.cluster.Spec(listen, output, g.lease)
}

// Healthy reports whether every part still answers.
func (g *ground) Healthy() bool {
	return !slices.ContainsFunc(g.parts, func(p *box.Part) bool { return !p.Answering() })
}

// Close ends the parts and removes their data.
func (g *ground) Close() (err error) {
	g.once.Do(func() {
		var ends sync.WaitGroup
		for _, p := range g.parts {
			ends.Go(func() { p.Close() })
		}
		ends.Wait()
		postgres.Forget(filepath.Join(g.folder, "postgres"))
		err = g.lease.End()
	})
	return err
}
