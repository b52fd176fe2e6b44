package docker

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2/client"

	"cnalab/labs"
)

// latencyToxic is the name of what slows a route.
const latencyToxic = "latency"

// route leads from one port of a proxy to a part.
type route struct {
	proxy  *proxyContainer
	name   string
	port   int // that others connect to
	target int // that the part listens on

	// Guarded by the proxy's lock: what is wanted, and what does it. Nothing does
	// where the proxy is not up; one that comes up later has it from the start.
	upstream string        // HOST:PORT of the part
	enabled  bool          // connections get through
	latency  time.Duration // each answer comes so much later
	made     *toxiproxy.Proxy
}

// hostAddress is the route's address on this machine; empty where it has none.
func (r *route) hostAddress() string { return r.proxy.ports[r.port] }

// create makes the route in a proxy that has none. The proxy's lock is held.
func (r *route) create(ctx context.Context) error {
	here, err := r.forward(ctx)
	if err != nil {
		return err
	}
	r.made = toxiproxy.NewClient(r.proxy.endpoint()).NewProxy()
	r.made.Name, r.made.Listen, r.made.Upstream = r.name, net.JoinHostPort("0.0.0.0", strconv.Itoa(r.port)), here
	r.made.Enabled = r.enabled
	if err := r.made.Save(); err != nil || r.latency == 0 {
		return err
	}
	return r.addLatency()
}

func (r *route) addLatency() error {
	_, err := r.made.AddToxic(latencyToxic, "latency", "downstream", 1, toxiproxy.Attributes{"latency": r.latency.Milliseconds()})
	return err
}

// forward has the route lead to its part, and returns where in the proxy's
// container it does.
func (r *route) forward(ctx context.Context) (here string, err error) {
	return r.proxy.request(ctx, "forward", url.Values{"name": {r.name}, "address": {r.upstream}})
}

// retarget has the route lead to another host.
func (r *route) retarget(ctx context.Context, host string) error {
	r.proxy.mu.Lock()
	defer r.proxy.mu.Unlock()
	r.upstream = join(host, r.target)
	if !r.proxy.up {
		return nil
	}
	_, err := r.forward(ctx)
	return err
}

// dial returns nil where the part at the route's end accepts connections.
func (r *route) dial(ctx context.Context) error {
	r.proxy.mu.Lock()
	upstream := r.upstream
	r.proxy.mu.Unlock()
	_, err := r.proxy.request(ctx, "dial", url.Values{"address": {upstream}})
	return err
}

// change changes what is wanted of the route and, where the proxy is up, what
// does it.
func (r *route) change(want func(), do func() error) error {
	r.proxy.mu.Lock()
	defer r.proxy.mu.Unlock()
	want()
	if !r.proxy.up {
		return nil
	}
	if err := do(); err != nil {
		return &labs.Problem{Kind: labs.Sandbox, Say: "The sandbox's proxy does not answer.", Next: "Open the sandbox again.",
			Err: fmt.Errorf("route %s: %w", r.name, err)}
	}
	return nil
}

func (r *route) enable(enabled bool) error {
	return r.change(func() { r.enabled = enabled }, func() error {
		if enabled {
			return r.made.Enable()
		}
		return r.made.Disable()
	})
}

func (r *route) setLatency(latency time.Duration) error {
	slowed := false
	return r.change(func() { slowed, r.latency = r.latency > 0, latency }, func() error {
		if slowed {
			r.made.RemoveToxic(latencyToxic)
		}
		if latency == 0 {
			return nil
		}
		return r.addLatency()
	})
}

// routes are a part's address: they open, close and slow together.
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
		if err := r.enable(true); err != nil {
			failed = err
		}
	}
	return failed
}

// Drain does nothing: the proxy cannot turn away some and keep others. What
// comes to a part that is ending it refuses itself.
func (routes) Drain() {}

// Disable cuts what there is, and refuses what comes.
func (all routes) Disable() {
	for _, r := range all {
		r.enable(false)
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
