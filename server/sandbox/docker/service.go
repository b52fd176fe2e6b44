package docker

import (
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

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
	s, err := g.seatOf(ctx, name)
	if err != nil {
		return nil, err
	}
	if err := s.run(ctx, program, output); err != nil {
		s.Kill()
		return nil, err
	}
	return s, nil
}

// seatOf is the service's seat that was made ahead, or a new one.
func (g *ground) seatOf(ctx context.Context, service string) (*seat, error) {
	g.sitting.Lock()
	s := g.seats[service]
	delete(g.seats, service)
	g.sitting.Unlock()
	if s != nil && s.free() {
		return s, nil
	}
	return g.sit(ctx, service, serviceBounds)
}

// seatAll makes a seat for each service.
func (g *ground) seatAll(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, name := range g.shape.services {
		group.Go(func() error {
			s, err := g.sit(ctx, name, serviceBounds)
			if err != nil {
				return err
			}
			g.sitting.Lock()
			defer g.sitting.Unlock()
			g.seats[name] = s
			return nil
		})
	}
	return group.Wait()
}
