package docker

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/testcontainers/testcontainers-go"

	"cnalab/fixtures/images"
	"cnalab/fixtures/link"
	"cnalab/server/sandbox/box"
)

// Slot returns where a service will run: each start is a container of its own,
// made of a small system and the service's program.
func (g *ground) Slot(service string) (box.Slot, error) {
	entry := g.entries[service]
	if entry == nil {
		return box.Slot{}, fmt.Errorf("run %s: the sandbox was not made for it", service)
	}
	return box.Slot{
		Gate: &gate{links: g.links, lines: []*line{entry}}, Listen: join("0.0.0.0", servicePort),
		Answers: func(ctx context.Context) error { return g.links.answers(ctx, entry.upstream) },
		Start: func(program box.Program, output io.Writer) (box.Process, error) {
			return g.startService(service, program, output)
		},
	}, nil
}

// enter makes the lines to the services. The links publish their ports when
// they start, so it is done before, also where nobody asks for a slot yet.
func (g *ground) enter() error {
	for i, service := range g.shape.services {
		number := servicePort + 1 + i
		entry, err := g.links.lead(service, number, join(service+behind, servicePort), public)
		if err != nil {
			return err
		}
		g.entries[service], g.inside[service] = entry, join(service, number)
	}
	return nil
}

func (g *ground) startService(name string, program box.Program, output io.Writer) (box.Process, error) {
	ctx, cancel := context.WithTimeout(context.Background(), orderLimit)
	defer cancel()
	id, err := g.create(ctx, name, serviceBounds, g.programRequest(program))
	if err != nil {
		return nil, err
	}
	p := &running{engine: g.engine, id: id, end: "TERM", memory: serviceBounds.memory, spent: true}
	if err := p.begin(ctx, output); err != nil {
		p.remove()
		return nil, err
	}
	return p, nil
}

// programRequest is a container that runs a program of this machine.
func (g *ground) programRequest(program box.Program) testcontainers.ContainerRequest {
	const inside = "/app"
	env := map[string]string{}
	for _, pair := range program.Env {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return testcontainers.ContainerRequest{
		Image: images.Base, Entrypoint: append([]string{inside}, program.Args...), Env: env,
		Files: []testcontainers.ContainerFile{{HostFilePath: program.Path, ContainerFilePath: inside, FileMode: 0o755}},
	}
}

// startLinks starts the links and waits until they lead.
func (g *ground) startLinks(ctx context.Context, s *box.Stages) error {
	path, err := g.provider.fixtures(ctx, s)
	if err != nil {
		return err
	}
	return s.Run("start links", func() error {
		request := g.programRequest(box.Program{Path: path, Args: []string{"link"}, Env: []string{link.EnvToken + "=" + g.links.token}})
		id, err := g.create(ctx, "links", linkBounds, request)
		if err != nil {
			return err
		}
		p := &running{engine: g.engine, id: id, end: "TERM"}
		log, err := os.OpenFile(filepath.Join(g.folder, "links.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("write log: %w", err)
		}
		if err := p.begin(ctx, log); err != nil {
			log.Close()
			return err
		}
		go func() { <-p.Done(); log.Close() }()
		return g.links.settle(ctx)
	})
}
