package docker

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"

	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/runtime"
)

// Where a container has what it is given: a program, and the files that it is
// told of.
const (
	programPath = "/app"
	filesFolder = "/run/secrets"
)

// containerUser runs what is in a container, unless the image's own user does.
const containerUser = 10001

// spec says what container to make.
type spec struct {
	name      string // of the part
	aliases   []string
	image     string
	entry     []string // instead of the image's own; may be empty
	command   []string // the image's own where empty
	env       map[string]string
	files     map[string]string // path of this machine's file, by its path inside
	bounds    engine.Bounds
	imageUser bool           // it runs as the image's user, with an engine's usual rights
	publish   map[int]string // HOST:PORT on this machine, by the port inside
}

// create makes a container for the part.
func (w *workload) create(ctx context.Context, program runtime.Program) (made instance, err error) {
	c, host := w.definition.Container, fmt.Sprintf("%s-container-%d", w.definition.Name, w.backend.made.Add(1))
	s := spec{name: w.definition.Name, aliases: []string{host}, image: c.Image, env: maps.Clone(c.Env), files: maps.Clone(c.Files),
		bounds: w.bounds(), imageUser: c.ImageUser}
	if w.image != "" {
		s.image = w.image
	}
	if c.ImageUser {
		// One that an author names may be gone since it was pulled.
		if s.image, err = w.backend.engine.ensure(ctx, c.Image, func() {}); err != nil {
			return made, err
		}
	}
	if c.Command != nil {
		s.command = c.Command(itself{w})
	}
	if w.definition.Program != nil {
		s.run(program)
	}
	id, err := w.backend.create(ctx, s)
	return instance{id, host}, err
}

// bounds are what the part's container may take.
func (w *workload) bounds() engine.Bounds {
	bounds := partBounds
	if w.definition.Program != nil {
		bounds = programBounds
	}
	if memory := w.definition.Container.Memory; memory > 0 {
		bounds.Memory = memory
	}
	return bounds
}

// run has the container run a program of this machine, which may be put in later.
func (s *spec) run(program runtime.Program) {
	s.entry, s.command = []string{programPath}, program.Args
	if s.files == nil {
		s.files = map[string]string{}
	}
	if program.Path != "" {
		s.files[programPath] = program.Path
	}
	if s.env == nil {
		s.env = map[string]string{}
	}
	for _, pair := range program.Env {
		name, value, _ := strings.Cut(pair, "=")
		s.env[name] = value
	}
	for variable, file := range program.Files {
		s.env[variable] = insidePath(file)
		s.files[s.env[variable]] = file
	}
}

// insidePath is where a container has a file of this machine that a program is
// told of.
func insidePath(file string) string { return path.Join(filesFolder, filepath.Base(file)) }

// create makes a container in the sandbox's network, with its files, and with
// no more rights than it needs.
func (b *backend) create(ctx context.Context, s spec) (id string, err error) {
	// Once asked for it is waited for: what appears later nobody would remove.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer cancel()
	request := testcontainers.ContainerRequest{Image: s.image, Entrypoint: s.entry, Cmd: s.command, Env: s.env,
		Networks: []string{b.network()}, NetworkAliases: map[string][]string{b.network(): s.aliases},
		Labels: maps.Clone(b.labels), // to which others may add
		Name:   fmt.Sprintf("%s-%s-%d", b.network(), s.name, b.made.Add(1))}
	var config *container.Config
	var host *container.HostConfig
	request.ConfigModifier = func(c *container.Config) {
		config = c
		c.Hostname = s.name
		if !s.imageUser {
			c.User = strconv.Itoa(containerUser)
		}
	}
	request.HostConfigModifier = func(h *container.HostConfig) {
		host = h
		b.engine.Restrict(h, s.bounds)
		if s.imageUser {
			h.CapDrop = engine.UnusualRights
		}
	}
	// Last, or what an image exposes would be open to the whole network.
	publish := func(context.Context, testcontainers.ContainerRequest) error {
		s.bind(config, host)
		return nil
	}
	request.LifecycleHooks = []testcontainers.ContainerLifecycleHooks{{PreCreates: []testcontainers.ContainerRequestHook{publish}}}
	made, err := b.engine.make.CreateContainer(ctx, request)
	if err != nil {
		return "", fmt.Errorf("create %s: %w", s.name, engine.Translate(err))
	}
	if err := b.copyIn(ctx, made.GetContainerID(), s); err != nil {
		(&process{engine: b.engine, id: made.GetContainerID()}).remove() // nobody would start it
		return "", fmt.Errorf("copy files to %s: %w", s.name, engine.Translate(err))
	}
	return made.GetContainerID(), nil
}

// bind opens the ports on this machine's loopback, and no other.
func (s spec) bind(c *container.Config, h *container.HostConfig) {
	c.ExposedPorts, h.PortBindings = network.PortSet{}, network.PortMap{}
	for _, inside := range slices.Sorted(maps.Keys(s.publish)) {
		public, port := netip.MustParseAddrPort(s.publish[inside]), network.MustParsePort(strconv.Itoa(inside)+"/tcp")
		c.ExposedPorts[port] = struct{}{}
		h.PortBindings[port] = []network.PortBinding{{HostIP: public.Addr(), HostPort: strconv.Itoa(int(public.Port()))}}
	}
}
