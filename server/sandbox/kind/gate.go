package kind

import (
	"net"
	"sync"
	"time"

	"github.com/moby/moby/api/types/container"
)

// kubeletPort is where a worker is asked how it does.
const kubeletPort = "10250"

// gate is the address of a node. Nothing of ours is in between, so it opens and
// shuts nothing.
type nodeAddress struct {
	network string

	mu      sync.Mutex
	address string
}

// newGate is the API server's for the control plane; a worker's is known when
// it runs.
func newNodeAddress(c *cluster, node string) *nodeAddress {
	g := &nodeAddress{network: c.name}
	if node == controlPlane {
		g.address = c.api
	}
	return g
}

// found notes where a worker is.
func (g *nodeAddress) found(c container.InspectResponse) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.NetworkSettings == nil || g.address != "" && net.ParseIP(host(g.address)).IsLoopback() {
		return
	}
	if endpoint := c.NetworkSettings.Networks[g.network]; endpoint != nil && endpoint.IPAddress.IsValid() {
		g.address = net.JoinHostPort(endpoint.IPAddress.String(), kubeletPort)
	}
}

func host(address string) string {
	host, _, _ := net.SplitHostPort(address)
	return host
}

// Address, Open, Refuse, Shut, Slow and Close are of box.Gate.

func (g *nodeAddress) Address() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.address
}

func (g *nodeAddress) Enable() error { return nil }

func (g *nodeAddress) Drain() {}

func (g *nodeAddress) Disable() {}

func (g *nodeAddress) SetLatency(time.Duration) {}

func (g *nodeAddress) Close() {}
