package kind

import (
	"net"
	"sync"
	"time"

	"github.com/moby/moby/api/types/container"
)

// kubeletPort is where a worker is asked how it does.
const kubeletPort = "10250"

// nodeAddress is where a node is reached. No proxy of ours is in between, so it
// can be neither refused nor slowed.
type nodeAddress struct {
	network string

	mu      sync.Mutex
	address string
}

// newNodeAddress is the API server's for the control plane; a worker's is known when
// it runs.
func newNodeAddress(c *cluster, node string) *nodeAddress {
	a := &nodeAddress{network: c.name}
	if node == controlPlane {
		a.address = c.api
	}
	return a
}

// set notes where a worker is.
func (a *nodeAddress) set(c container.InspectResponse) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c.NetworkSettings == nil || a.address != "" && net.ParseIP(host(a.address)).IsLoopback() {
		return
	}
	if endpoint := c.NetworkSettings.Networks[a.network]; endpoint != nil && endpoint.IPAddress.IsValid() {
		a.address = net.JoinHostPort(endpoint.IPAddress.String(), kubeletPort)
	}
}

func host(address string) string {
	host, _, _ := net.SplitHostPort(address)
	return host
}

// What follows is runtime.Proxy.

func (a *nodeAddress) Address() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.address
}

func (a *nodeAddress) Enable() error { return nil }

func (a *nodeAddress) Drain() {}

func (a *nodeAddress) Disable() {}

func (a *nodeAddress) SetLatency(time.Duration) {}

func (a *nodeAddress) Close() {}
