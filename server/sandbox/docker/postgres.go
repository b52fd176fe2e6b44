package docker

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"time"

	"github.com/moby/moby/client"
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
	for g.run(ctx, id, "psql", "-U", database.Superuser, "-qc", statement) != nil && ctx.Err() == nil {
		time.Sleep(30 * time.Millisecond)
	}
}

// run runs a command in a container.
func (g *ground) run(ctx context.Context, id string, command ...string) error {
	made, err := g.engine.ExecCreate(ctx, id, client.ExecCreateOptions{Cmd: command, AttachStdout: true, AttachStderr: true})
	if err != nil {
		return err
	}
	attached, err := g.engine.ExecAttach(ctx, made.ID, client.ExecAttachOptions{})
	if err != nil {
		return err
	}
	defer attached.Close()
	io.Copy(io.Discard, attached.Reader)
	ended, err := g.engine.ExecInspect(ctx, made.ID, client.ExecInspectOptions{})
	if err == nil && ended.ExitCode != 0 {
		err = fmt.Errorf("%s: exit status %d", command[0], ended.ExitCode)
	}
	return err
}
