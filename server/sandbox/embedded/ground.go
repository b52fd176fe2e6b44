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
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/database"
	"cnalab/server/sandbox/embedded/postgres"
	"cnalab/server/sandbox/embedded/subprocess"
	"cnalab/server/sandbox/runtime"

	"golang.org/x/sync/errgroup"
)

// ground is what a sandbox stands on: a lease, a folder, and the parts its
// lab needs. It is the same for every lab with these needs, and so can be
// started before anyone asks for it.
type backend struct {
	provider   *Provider
	needs      []labs.Need
	events     sandbox.EventBus
	record     *cleanup.Record
	folder     string
	components []*runtime.Component
	listens    map[string]string // the parts' own addresses, by name
	internal   map[string]string // the addresses that others reach them at
	program    string            // the fixtures
	cluster    *postgres.Cluster // nil where Postgres is not needed
	databases  *database.Server  // the same

	once sync.Once // closes
}

// newGround takes a lease, a folder and addresses, and starts nothing yet.
func (p *Provider) newBackend(needs []labs.Need) (*backend, error) {
	held, err := cleanup.NewRecord(p.records())
	if err != nil {
		return nil, err
	}
	g := &backend{provider: p, needs: needs, record: held, folder: filepath.Join(p.place, "run", held.ID()), listens: map[string]string{}, internal: map[string]string{}}
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
		g.components = append(g.components, part)
	}
	return g, nil
}

// need makes the part of a need.
func (g *backend) need(need labs.Need) (*runtime.Component, error) {
	run := g.kafka
	if need == labs.Postgres {
		run = g.postgres
	}
	slot, err := g.workload(string(need), run)
	if err != nil {
		return nil, err
	}
	store := folder{path: filepath.Join(g.folder, string(need))}
	if need == labs.Postgres {
		slot.Ready = func(ctx context.Context) error { return g.databases.Ping(ctx) }
		store.owner = g.provider.store.Owner
	}
	slot.Store = store
	return runtime.NewComponent(string(need), string(need), g.folder, slot, &g.events, func() (runtime.Program, error) { return runtime.Program{}, nil }), nil
}

// Parts, Inside, Folder, Feed and Databases are of box.Ground.

func (g *backend) Components() []*runtime.Component { return g.components }

func (g *backend) InternalAddress(part string) string { return g.internal[part] }

func (g *backend) Folder() string { return g.folder }

func (g *backend) Events() *sandbox.EventBus { return &g.events }

func (g *backend) Databases() *database.Server { return g.databases }

// Start brings the ground's parts up, side by side. Those that run stay.
func (g *backend) Start(ctx context.Context, s *runtime.Stages) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range g.components {
		if part.IsReady() {
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

func (g *backend) startKafka(ctx context.Context, s *runtime.Stages, kafka *runtime.Component) (err error) {
	if g.program, err = g.provider.fixtures(ctx, s); err != nil {
		return err
	}
	return s.Run("start Kafka", func() error { return kafka.Start(ctx) })
}

func (g *backend) kafka(listen string, output io.Writer) (subprocess.Spec, error) {
	return subprocess.Spec{Path: g.program, Dir: g.folder, Env: baseEnv(), Output: output, Record: g.record,
		Args: []string{"kafka", "--listen", listen, "--advertise", g.internal[string(labs.Kafka)],
			"--data", filepath.Join(g.folder, "kafka")}}, nil
}

func (g *backend) startPostgres(ctx context.Context, s *runtime.Stages, part *runtime.Component) error {
	return s.Run("start Postgres", func() error {
		cluster, err := g.provider.store.Copy(ctx, g.record, filepath.Join(g.folder, "postgres"))
		if err != nil {
			return err
		}
		g.cluster, g.databases = cluster, cluster.Server(g.listens[string(labs.Postgres)])
		return part.Start(ctx)
	})
}

func (g *backend) postgres(listen string, output io.Writer) (subprocess.Spec, error) {
	return g.cluster.Spec(listen, output, g.record)
}

// Healthy reports whether every part still answers.
func (g *backend) Healthy() bool {
	return !slices.ContainsFunc(g.components, func(p *runtime.Component) bool { return !p.IsReady() })
}

// Close ends the parts and removes their data.
func (g *backend) Close() (err error) {
	g.once.Do(func() {
		var ends sync.WaitGroup
		for _, p := range g.components {
			ends.Go(func() { p.Close() })
		}
		ends.Wait()
		postgres.Forget(filepath.Join(g.folder, "postgres"))
		err = g.record.End()
	})
	return err
}
