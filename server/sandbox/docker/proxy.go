package docker

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"time"

	"cnalab/fixtures/proxy"
	"cnalab/labs"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/part"
)

// proxyContainer is a container that everybody reaches parts through: the parts
// each other by name, and this machine by ports on loopback. Its addresses stay
// whatever becomes of the parts. It bears the parts' names, so parts that listen
// on the same port have one each.
type proxyContainer struct {
	name    string         // in the network
	control proxy.Client   // of its routes
	names   []string       // of the parts
	ports   map[int]string // addresses on this machine, by the port inside
	routes  []*route

	mu sync.Mutex // held while routes change
	up bool       // the container runs, and its routes are as they are wanted
}

// Ports of the proxy that are no part's own: those of programs, which are told
// them, and those that this program alone uses.
const (
	firstProgramPort = 8081
	firstPrivatePort = 20001
)

// reserve hands out addresses on this machine; tests have it hand out taken ones.
var reserve = cleanup.ReservePort

// proxyFor returns the proxy that the part's ports are free in, or a new one.
func (b *backend) proxyFor(d part.Definition) (*proxyContainer, error) {
	for _, p := range b.proxies {
		if d.Program != nil || !slices.ContainsFunc(d.Container.Ports, func(port part.Port) bool { return p.taken(port.Number) }) {
			p.names = append(p.names, d.Name)
			return p, nil
		}
	}
	p := &proxyContainer{name: fmt.Sprintf("proxy-%d", len(b.proxies)+1), control: proxy.Client{Token: rand.Text()}, names: []string{d.Name}, ports: map[int]string{}}
	b.proxies = append(b.proxies, p)
	var err error
	p.control.Address, err = p.publish(proxy.ControlPort)
	return p, err
}

// taken reports whether a route has the port.
func (p *proxyContainer) taken(port int) bool {
	return port == proxy.ControlPort || slices.ContainsFunc(p.routes, func(r *route) bool { return r.port == port })
}

// free is the first port from there on that no route has.
func (p *proxyContainer) free(port int) int {
	for p.taken(port) {
		port++
	}
	return port
}

// publish opens a port on this machine.
func (p *proxyContainer) publish(port int) (string, error) {
	address, err := reserve()
	if err == nil {
		p.ports[port] = address
	}
	return address, err
}

// addRoute adds the way to a part's port; the proxy does not run yet. Where same
// is true the proxy listens on the part's own number.
func (p *proxyContainer) addRoute(name string, port part.Port, same bool) (*route, error) {
	r := &route{proxy: p, name: name + "-" + port.Name, port: port.Number, part: port.Number}
	if !same {
		r.port = p.free(firstProgramPort)
	}
	if p.taken(r.port) {
		return nil, &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("The sandbox needs port %d for itself, so %s cannot have it.", r.port, name),
			Next: "Have the part listen on another port."}
	}
	p.add(r)
	if port.Exposure == part.Network {
		return r, nil
	}
	_, err := p.publish(r.port)
	return r, err
}

// addPrivateRoute adds a way to a part's port for this program alone, which no
// fault touches.
func (p *proxyContainer) addPrivateRoute(name string, port part.Port) (*route, error) {
	r := &route{proxy: p, name: name + "-private", port: p.free(firstPrivatePort), part: port.Number, wanted: proxy.State{Mode: proxy.Enabled}}
	p.add(r)
	_, err := p.publish(r.port)
	return r, err
}

func (p *proxyContainer) add(r *route) {
	r.wanted.Listen = join("0.0.0.0", r.port)
	p.routes = append(p.routes, r)
}

// sync waits until the proxy answers and makes the routes as they are wanted.
func (p *proxyContainer) sync(ctx context.Context) error {
	for p.control.Ready(ctx) != nil {
		select {
		case <-ctx.Done():
			return fmt.Errorf("start proxy: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.routes {
		if err := p.control.Put(ctx, r.name, r.wanted); err != nil {
			return fmt.Errorf("create route %s: %w", r.name, err)
		}
	}
	p.up = true
	return nil
}

// isUp reports whether the proxy leads to the parts now.
func (p *proxyContainer) isUp() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.up
}

// markDown says that the proxy leads nowhere until it has synced again.
func (p *proxyContainer) markDown() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.up = false
}

// release gives the addresses back.
func (p *proxyContainer) release() {
	for _, address := range p.ports {
		cleanup.ReleasePort(address)
	}
}
