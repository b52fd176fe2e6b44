package docker

import (
	"context"
	"fmt"
	"time"

	"cnalab/fixtures/proxy"
	"cnalab/labs"
)

// route leads from one port of a proxy to a part.
type route struct {
	proxy *proxyContainer
	name  string
	port  int // that others connect to
	part  int // that the part listens on

	// wanted is guarded by the proxy's lock. A proxy that comes up later has it
	// from the start.
	wanted proxy.State
}

// hostAddress is the route's address on this machine; empty where it has none.
func (r *route) hostAddress() string { return r.proxy.ports[r.port] }

// retarget has the route lead to another host.
func (r *route) retarget(ctx context.Context, host string) error {
	return r.change(ctx, func(s *proxy.State) { s.Target = join(host, r.part) })
}

func (r *route) setMode(mode proxy.Mode) error {
	return r.change(context.Background(), func(s *proxy.State) { s.Mode = mode })
}

func (r *route) setLatency(latency time.Duration) error {
	return r.change(context.Background(), func(s *proxy.State) { s.Latency = latency })
}

// change changes what is wanted of the route, and makes it so where the proxy
// is up.
func (r *route) change(ctx context.Context, want func(*proxy.State)) error {
	r.proxy.mu.Lock()
	defer r.proxy.mu.Unlock()
	want(&r.wanted)
	if !r.proxy.up {
		return nil
	}
	if err := r.proxy.control.Put(ctx, r.name, r.wanted); err != nil {
		return &labs.Problem{Kind: labs.Sandbox, Say: "The sandbox's proxy does not answer.", Next: "Open the sandbox again.",
			Err: fmt.Errorf("change route %s: %w", r.name, err)}
	}
	return nil
}

// dial returns nil where the part at the route's end accepts connections.
func (r *route) dial(ctx context.Context) error {
	r.proxy.mu.Lock()
	target := r.wanted.Target
	r.proxy.mu.Unlock()
	return r.proxy.control.Dial(ctx, target)
}

// routes are a part's address: they change together.
type routes []*route

// Address is where this machine reaches the part.
func (all routes) Address() string {
	for _, r := range all {
		if address := r.hostAddress(); address != "" {
			return address
		}
	}
	return ""
}

// Enable lets connections through.
func (all routes) Enable() (failed error) {
	for _, r := range all {
		if err := r.setMode(proxy.Enabled); err != nil {
			failed = err
		}
	}
	return failed
}

// Drain lets nobody new in; connections there are may go on.
func (all routes) Drain() {
	for _, r := range all {
		r.setMode(proxy.Draining)
	}
}

// Disable cuts what there is, and refuses what comes.
func (all routes) Disable() {
	for _, r := range all {
		r.setMode(proxy.Disabled)
	}
}

// SetLatency delays every answer; 0 ends it.
func (all routes) SetLatency(delay time.Duration) {
	for _, r := range all {
		r.setLatency(delay)
	}
}

// Close does nothing: the routes go with the proxy.
func (routes) Close() {}
