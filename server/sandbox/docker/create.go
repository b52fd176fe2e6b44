package docker

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"strconv"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"

	"cnalab/server/sandbox/engine"
)

// create makes a container in the sandbox's network, where it is known by the
// aliases, with no more rights than a program needs.
func (g *backend) create(ctx context.Context, name string, aliases []string, limits engine.Bounds, request testcontainers.ContainerRequest) (id string, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer cancel()
	request.Networks, request.NetworkAliases = []string{g.network()}, map[string][]string{g.network(): aliases}
	request.Labels = maps.Clone(g.labels) // to which others may add
	request.Name = fmt.Sprintf("%s-%s-%d", g.network(), name, g.made.Add(1))
	var config *container.Config
	var host *container.HostConfig
	also := request.ConfigModifier
	request.ConfigModifier = func(c *container.Config) {
		config = c
		c.Hostname, c.User = name, "10001"
		if also != nil {
			also(c)
		}
	}
	request.HostConfigModifier = func(h *container.HostConfig) { host = h; g.engine.Restrict(h, limits) }
	// Last, or what an image exposes would be open to the whole network.
	publish := func(context.Context, testcontainers.ContainerRequest) error {
		g.publish(config, host, name)
		return nil
	}
	request.LifecycleHooks = []testcontainers.ContainerLifecycleHooks{{PreCreates: []testcontainers.ContainerRequestHook{publish}}}
	made, err := g.engine.make.CreateContainer(ctx, request)
	if err != nil {
		return "", fmt.Errorf("create %s: %w", name, engine.Translate(err))
	}
	return made.GetContainerID(), nil
}

// names are those that the links stand for.
func (g *backend) names() (all []string) {
	for _, need := range g.shape.needs {
		all = append(all, string(need))
	}
	return append(all, g.shape.services...)
}

// publish binds the links' ports on this machine's loopback, and no other.
func (g *backend) publish(c *container.Config, h *container.HostConfig, name string) {
	c.ExposedPorts, h.PortBindings = network.PortSet{}, network.PortMap{}
	if name != "links" {
		return
	}
	for inside, address := range g.proxy.ports {
		public, port := netip.MustParseAddrPort(address), network.MustParsePort(inside+"/tcp")
		c.ExposedPorts[port] = struct{}{}
		h.PortBindings[port] = []network.PortBinding{{HostIP: public.Addr(), HostPort: strconv.Itoa(int(public.Port()))}}
	}
}
