package docker

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/testcontainers/testcontainers-go"

	"cnalab/fixtures/images"
	"cnalab/server/sandbox/database"
	"cnalab/server/sandbox/runtime"
)

// postgres is the slot of the database server.
func (g *backend) postgres() (runtime.Workload, error) {
	itself := "postgres" + behind
	outside, err := g.proxy.addRoute("postgres", pgPort, join(itself, pgPort), public)
	if err != nil {
		return runtime.Workload{}, err
	}
	if _, err := g.proxy.addRoute("postgres-private", pgPrivate, join(itself, pgPort), private); err != nil {
		return runtime.Workload{}, err
	}
	g.internal["postgres"] = join("postgres", pgPort)
	g.databases = &database.Server{Address: g.proxy.hostAddress(pgPrivate), Password: rand.Text(), FileCopy: true}
	slot := g.persistent("postgres", partBounds, "INT", testcontainers.ContainerRequest{Image: images.Postgres})
	slot.Proxy = &routes{proxy: g.proxy, routes: []*route{outside}}
	slot.Ready = g.databases.Ping
	return slot, nil
}

// secure gives the superuser the sandbox's own password, as soon as the server
// takes the order; until then nobody can ask it anything over the network.
func (g *backend) secure(id string) {
	statement := "ALTER ROLE " + database.Superuser + " PASSWORD '" + g.databases.Password + "'"
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	for ctx.Err() == nil {
		if _, err := g.engine.Run(ctx, id, "psql", "-U", database.Superuser, "-qc", statement); err == nil {
			return
		}
		time.Sleep(30 * time.Millisecond)
	}
}
