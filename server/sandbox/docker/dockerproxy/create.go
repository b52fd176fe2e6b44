package dockerproxy

import (
	"cmp"
	"context"
	"net/http"
	"net/netip"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
)

// create makes a container that bears the sandbox's labels and keeps within
// its bounds.
func (p *Proxy) create(w http.ResponseWriter, r *http.Request) error {
	wanted := container.CreateRequest{Config: &container.Config{}}
	if err := decode(r, &wanted); err != nil {
		return err
	}
	if wanted.HostConfig == nil {
		wanted.HostConfig = &container.HostConfig{}
	}
	wanted.Labels = p.labelled(wanted.Labels)
	name := r.URL.Query().Get("name")
	for _, rule := range []func(context.Context, *container.CreateRequest) error{
		p.contained, p.joined, p.mounted, p.published, p.bounded,
	} {
		if err := rule(r.Context(), &wanted); err != nil {
			return err
		}
	}
	p.known(&wanted, name)
	wanted.Image = p.image(r.Context(), wanted.Image)
	if err := body(r, wanted); err != nil {
		return err
	}
	return p.with(w, r, func(query map[string][]string) {
		if name != "" {
			query["name"] = []string{p.named(aContainer, name)}
		}
	})
}

// known lets the containers of a network know one by the lab's name for it.
func (p *Proxy) known(wanted *container.CreateRequest, name string) {
	mode := wanted.HostConfig.NetworkMode
	if p.config.Name == "" || name == "" || !mode.IsUserDefined() || isBuiltinNetwork(string(mode)) {
		return
	}
	if wanted.NetworkingConfig == nil {
		wanted.NetworkingConfig = &network.NetworkingConfig{}
	}
	if wanted.NetworkingConfig.EndpointsConfig == nil {
		wanted.NetworkingConfig.EndpointsConfig = map[string]*network.EndpointSettings{}
	}
	ends := wanted.NetworkingConfig.EndpointsConfig
	if ends[string(mode)] == nil {
		ends[string(mode)] = &network.EndpointSettings{}
	}
	for _, end := range ends {
		if end != nil {
			end.Aliases = append(end.Aliases, name)
		}
	}
}

// contained refuses what would let a container out.
func (p *Proxy) contained(_ context.Context, wanted *container.CreateRequest) error {
	h := wanted.HostConfig
	for _, rule := range []struct {
		broken bool
		option string
	}{
		{h.Privileged, "--privileged"},
		{len(h.CapAdd) > 0, "--cap-add"},
		{len(h.Devices) > 0, "--device"},
		{len(h.DeviceRequests) > 0, "--gpus"},
		{len(h.DeviceCgroupRules) > 0, "--device-cgroup-rule"},
		{h.CgroupParent != "", "--cgroup-parent"},
		{h.UTSMode != "", "--uts"},
		{h.UsernsMode != "", "--userns"},
		{h.CgroupnsMode.IsHost(), "--cgroupns host"},
		{!ownSecurity(h.SecurityOpt), "--security-opt"},
		{len(h.Sysctls) > 0, "--sysctl"},
		{len(h.StorageOpt) > 0, "--storage-opt"},
		{h.Runtime != "", "--runtime"},
		{h.MaskedPaths != nil || h.ReadonlyPaths != nil, "--security-opt systempaths"},
		{h.OomScoreAdj < 0, "--oom-score-adj"},
		{h.OomKillDisable != nil && *h.OomKillDisable, "--oom-kill-disable"},
		{h.CPURealtimePeriod+h.CPURealtimeRuntime > 0, "--cpu-rt-runtime"},
		{h.VolumeDriver != "" && h.VolumeDriver != "local", "--volume-driver"},
		{!ownLog(h.LogConfig.Type), "--log-driver"},
	} {
		if rule.broken {
			return forbidden("A container with %s could reach out of this lab, so it is not created. Leave that option out.", rule.option)
		}
	}
	h.Annotations = nil
	if h.LogConfig.Type == "" || h.LogConfig.Type == "json-file" {
		h.LogConfig = container.LogConfig{Type: "json-file", Config: map[string]string{"max-size": "10m", "max-file": "2"}}
	}
	return nil
}

func ownSecurity(options []string) bool {
	for _, option := range options {
		if !strings.HasPrefix(option, "no-new-privileges") {
			return false
		}
	}
	return true
}

func ownLog(driver string) bool {
	return driver == "" || driver == "json-file" || driver == "local" || driver == "none"
}

// joined lets a container into the sandbox's own networks, and into the
// namespaces of its own containers.
func (p *Proxy) joined(ctx context.Context, wanted *container.CreateRequest) error {
	h := wanted.HostConfig
	for _, mode := range []struct {
		option string
		value  *string
	}{{"--pid", (*string)(&h.PidMode)}, {"--ipc", (*string)(&h.IpcMode)}, {"--network", (*string)(&h.NetworkMode)}} {
		if *mode.value == "host" {
			return forbidden("A container with %s host could reach out of this lab, so it is not created. Leave that option out.", mode.option)
		}
		if name, ok := strings.CutPrefix(*mode.value, "container:"); ok {
			own, err := p.own(ctx, aContainer, name)
			if err != nil {
				return err
			}
			*mode.value = "container:" + own.ID
		}
	}
	for i, link := range h.Links {
		name, alias, _ := strings.Cut(link, ":")
		own, err := p.own(ctx, aContainer, name)
		if err != nil {
			return err
		}
		h.Links[i] = own.ID + ":" + cmp.Or(alias, name)
	}
	if name := string(h.NetworkMode); h.NetworkMode.IsUserDefined() && !isBuiltinNetwork(name) {
		own, err := p.own(ctx, aNetwork, name)
		if err != nil {
			return err
		}
		h.NetworkMode = container.NetworkMode(own.Name)
	}
	if wanted.NetworkingConfig == nil {
		return nil
	}
	return p.endpoints(ctx, wanted.NetworkingConfig)
}

func isBuiltinNetwork(name string) bool {
	return name == "" || name == "default" || name == "bridge" || name == "none"
}

func (p *Proxy) endpoints(ctx context.Context, joined *network.NetworkingConfig) error {
	ends := map[string]*network.EndpointSettings{}
	for name, end := range joined.EndpointsConfig {
		if end != nil {
			end.NetworkID, end.DriverOpts = "", nil
		}
		if !isBuiltinNetwork(name) {
			own, err := p.own(ctx, aNetwork, name)
			if err != nil {
				return err
			}
			name = own.Name
		}
		ends[name] = end
	}
	joined.EndpointsConfig = ends
	return nil
}

// published binds every port on this machine alone.
func (p *Proxy) published(ctx context.Context, wanted *container.CreateRequest) error {
	h := wanted.HostConfig
	if h.PublishAllPorts {
		if err := p.publishAll(ctx, wanted); err != nil {
			return err
		}
	}
	for port, bindings := range h.PortBindings {
		if len(bindings) == 0 {
			h.PortBindings[port] = []network.PortBinding{{HostIP: here}}
		}
		for i, binding := range bindings {
			if binding.HostIP.IsValid() && !binding.HostIP.IsLoopback() {
				return forbidden("A port of this lab is published on 127.0.0.1 only, not on %s. Write -p 127.0.0.1:%s:%s.",
					binding.HostIP, binding.HostPort, port.Port())
			}
			if !binding.HostIP.IsValid() {
				bindings[i].HostIP = here
			}
		}
	}
	return nil
}

var here = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// publishAll names the ports one by one, as the engine would bind them on
// every address.
func (p *Proxy) publishAll(ctx context.Context, wanted *container.CreateRequest) error {
	h := wanted.HostConfig
	image, err := p.find(ctx, anImage, wanted.Image)
	if err != nil {
		return err
	}
	if h.PortBindings == nil {
		h.PortBindings = network.PortMap{}
	}
	h.PublishAllPorts = false
	ports := network.PortSet{}
	for text := range image.Config.ExposedPorts {
		if port, err := network.ParsePort(text); err == nil {
			ports[port] = struct{}{}
		}
	}
	for port := range wanted.ExposedPorts {
		ports[port] = struct{}{}
	}
	for port := range ports {
		if h.PortBindings[port] == nil {
			h.PortBindings[port] = []network.PortBinding{{HostIP: here}}
		}
	}
	return nil
}
