package embedded

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/embedded/child"
	"cnalab/server/sandbox/embedded/postgres"

	"golang.org/x/sync/errgroup"
)

// ground is what a sandbox stands on: a lease, a folder, and the parts its
// lab needs. It is the same for every lab with these needs, and so can be
// started before anyone asks for it.
type ground struct {
	provider *Provider
	needs    []labs.Need
	feed     sandbox.Feed
	lease    *child.Lease
	folder   string
	parts    []*part
	cluster  *postgres.Cluster // nil where Postgres is not needed
	database *part

	once sync.Once // closes
}

// embeddable is what the embedded sandbox can start, in this order.
var embeddable = []labs.Need{labs.Kafka, labs.Postgres}

// needsOf is the part of a lab's needs that the ground has, in order.
func needsOf(lab *labs.Lab) (needs []labs.Need) {
	for _, n := range embeddable {
		if lab.Wants(n) {
			needs = append(needs, n)
		}
	}
	return needs
}

// newGround takes a lease, a folder and addresses, and starts nothing yet.
func (p *Provider) newGround(needs []labs.Need) (*ground, error) {
	lease, err := child.NewLease(p.leases())
	if err != nil {
		return nil, err
	}
	g := &ground{provider: p, needs: needs, lease: lease, folder: filepath.Join(p.place, "run", lease.ID())}
	// Postgres' user passes through; it cannot look around.
	if err := lease.Folder(g.folder, 0o711); err != nil {
		g.close()
		return nil, fmt.Errorf("make sandbox: %w", err)
	}
	for _, need := range needs {
		part, err := newPart(string(need), string(need), g.folder, g.feed.Publish)
		if err != nil {
			g.close()
			return nil, err
		}
		g.parts = append(g.parts, part)
	}
	return g, nil
}

// start brings the ground's parts up, side by side. Those that run stay.
func (g *ground) start(ctx context.Context, s *stages) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range g.parts {
		if part.answering() {
			continue
		}
		group.Go(func() error {
			if part.name == string(labs.Kafka) {
				return g.startKafka(ctx, s, part)
			}
			return g.startPostgres(ctx, s, part)
		})
	}
	return group.Wait()
}

func (g *ground) startKafka(ctx context.Context, s *stages, kafka *part) error {
	program, err := g.provider.fixtures(ctx, s)
	if err != nil {
		return err
	}
	kafka.command = func() (child.Spec, error) {
		return child.Spec{Path: program, Dir: g.folder, Env: basics(), Output: kafka.journal, Lease: g.lease,
			Args: []string{"kafka", "--listen", kafka.private, "--advertise", kafka.gate.Address(),
				"--data", filepath.Join(g.folder, "kafka")}}, nil
	}
	return s.run("start Kafka", func() error { return kafka.bring(ctx) })
}

func (g *ground) startPostgres(ctx context.Context, s *stages, database *part) error {
	return s.run("start Postgres", func() error {
		cluster, err := g.provider.store.Copy(ctx, g.lease, filepath.Join(g.folder, "postgres"))
		if err != nil {
			return err
		}
		g.cluster, g.database = cluster, database
		database.command = func() (child.Spec, error) {
			return cluster.Spec(database.private, database.journal, g.lease)
		}
		database.answers = func(ctx context.Context) error { return cluster.Ping(ctx, database.private) }
		return database.bring(ctx)
	})
}

// bring starts a part for the first time.
func (p *part) bring(ctx context.Context) error {
	release, err := p.take(ctx)
	if err != nil {
		return err
	}
	defer release()
	return p.start(ctx)
}

// healthy reports whether every part still answers.
func (g *ground) healthy() bool {
	return !slices.ContainsFunc(g.parts, func(p *part) bool { return !p.answering() })
}

// close ends the parts and removes their data.
func (g *ground) close() (err error) {
	g.once.Do(func() {
		var ends sync.WaitGroup
		for _, p := range g.parts {
			ends.Go(func() { p.close(closeGrace) })
		}
		ends.Wait()
		postgres.Forget(filepath.Join(g.folder, "postgres"))
		err = g.lease.End()
	})
	return err
}
