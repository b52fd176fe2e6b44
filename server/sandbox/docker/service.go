package docker

import (
	"context"
	"fmt"
	"io"

	"cnalab/server/sandbox/runtime"
)

// Slot returns where a service will run: a container of a small system, which
// is given the service's program. What follows a program that was asked to end
// runs in the same container, what follows any other end in a new one.
func (g *backend) Workload(service string) (runtime.Workload, error) {
	entry := g.serviceRoutes[service]
	if entry == nil {
		return runtime.Workload{}, fmt.Errorf("run %s: the sandbox was not made for it", service)
	}
	return runtime.Workload{
		Proxy: &routes{proxy: g.proxy, routes: []*route{entry}}, ListenAddress: join("0.0.0.0", servicePort),
		Ready:   func(ctx context.Context) error { return g.proxy.dial(ctx, entry) },
		Prepare: func() { g.reserve(service) },
		Start: func(program runtime.Program, output io.Writer) (runtime.Process, error) {
			return g.startService(service, program, output)
		},
	}, nil
}

// enter makes the lines to the services. The links publish their ports when
// they start, so it is done before, also where nobody asks for a slot yet.
func (g *backend) addServiceRoutes() error {
	for i, service := range g.shape.services {
		number := servicePort + 1 + i
		entry, err := g.proxy.addRoute(service, number, "", public) // each start aims it
		if err != nil {
			return err
		}
		g.serviceRoutes[service], g.internal[service] = entry, join(service, number)
	}
	return nil
}

func (g *backend) startService(name string, program runtime.Program, output io.Writer) (runtime.Process, error) {
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	s, err := g.seatOf(ctx, name)
	if err != nil {
		return nil, err
	}
	if err := g.proxy.retarget(ctx, g.serviceRoutes[name], join(s.host, servicePort)); err != nil {
		return nil, err
	}
	t, err := s.run(ctx, program, output)
	if err != nil {
		s.Kill()
		return nil, err
	}
	return t, nil
}

// reserved is a seat that is being made.
type reserved struct {
	made chan struct{} // closed when it is, or has failed to be; the rest is read after it
	seat *seat
	err  error
}

// lasts reports whether the seat is there, or will be.
func (r *reserved) lasts() bool {
	select {
	case <-r.made:
		return r.err == nil && r.seat.alive()
	default:
		return true
	}
}

// reserve has a seat made for the service's next start, unless there is one.
func (g *backend) reserve(service string) *reserved {
	g.sitting.Lock()
	defer g.sitting.Unlock()
	if r := g.seats[service]; r != nil && r.lasts() {
		return r
	}
	r := &reserved{made: make(chan struct{})}
	g.seats[service] = r
	g.pending.Go(func() {
		defer close(r.made)
		r.seat, r.err = g.sitFor(g.ctx, service)
	})
	return r
}

// seatOf is the service's seat, made ahead or left by the last program.
func (g *backend) seatOf(ctx context.Context, service string) (*seat, error) {
	s, err := g.reserve(service).wait(ctx)
	if err != nil || !s.taken() {
		return s, err
	}
	g.sitting.Lock()
	delete(g.seats, service)
	g.sitting.Unlock()
	return g.reserve(service).wait(ctx)
}

// wait waits until the seat is made.
func (r *reserved) wait(ctx context.Context) (*seat, error) {
	select {
	case <-r.made:
		return r.seat, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// sitFor makes a seat for a service. Its name in the network is its own: there
// may be two seats, one that is on its way out.
func (g *backend) sitFor(ctx context.Context, service string) (*seat, error) {
	alias := fmt.Sprintf("%s%s-%d", service, behind, g.sat.Add(1))
	return g.sit(ctx, service, []string{alias}, serviceBounds)
}

// seatAll makes a seat for each service.
func (g *backend) seatAll(ctx context.Context) error {
	var made []*reserved
	for _, name := range g.shape.services {
		made = append(made, g.reserve(name))
	}
	for _, r := range made {
		if _, err := r.wait(ctx); err != nil {
			return err
		}
	}
	return nil
}
