package docker

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/testcontainers/testcontainers-go"

	"cnalab/fixtures/images"
	"cnalab/server/sandbox/box"
	"cnalab/server/sandbox/database"
)

// postgres is the slot of the database server.
func (g *ground) postgres() (box.Slot, error) {
	itself := "postgres" + behind
	outside, err := g.links.lead("postgres", pgPort, join(itself, pgPort), public)
	if err != nil {
		return box.Slot{}, err
	}
	if _, err := g.links.lead("postgres-private", pgPrivate, join(itself, pgPort), private); err != nil {
		return box.Slot{}, err
	}
	g.inside["postgres"] = join("postgres", pgPort)
	g.databases = &database.Server{Address: g.links.outside(pgPrivate), Password: rand.Text(), FileCopy: true}
	slot := g.kept("postgres", needBounds, "INT", testcontainers.ContainerRequest{Image: images.Postgres})
	slot.Gate = &gate{links: g.links, lines: []*line{outside}}
	slot.Answers = g.databases.Ping
	return slot, nil
}

// secure gives the superuser the sandbox's own password, as soon as the server
// takes the order; until then nobody can ask it anything over the network.
func (g *ground) secure(id string) {
	statement := "ALTER ROLE " + database.Superuser + " PASSWORD '" + g.databases.Password + "'"
	ctx, cancel := context.WithTimeout(context.Background(), orderLimit)
	defer cancel()
	for ctx.Err() == nil {
		if _, err := g.engine.Run(ctx, id, "psql", "-U", database.Superuser, "-qc", statement); err == nil {
			return
		}
		time.Sleep(30 * time.Millisecond)
	}
}
