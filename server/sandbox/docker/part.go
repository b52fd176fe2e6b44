package docker

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"

	"cnalab/fixtures/images"
	"cnalab/fixtures/link"
	"cnalab/server/sandbox/box"
	"cnalab/server/sandbox/database"

	"cnalab/server/sandbox/engine"
)

// The ports inside the network. Behind the links a part's own name has a
// suffix: its plain name is the links'.
const (
	behind = "-itself"

	kafkaInside  = 9092 // for those in the network
	kafkaOutside = 9094 // for this machine
	kafkaPrivate = 9095 // the same, whatever faults there are
	pgPort       = 5432
	pgPrivate    = 5433
	servicePort  = 8080 // of the service itself; the links' are counted from it
)

// bounds are what a container may take. Kafka takes 240 to 290 MiB here, Postgres a tenth.
type bounds struct {
	memory     int64 // bytes
	processors int64 // in billionths
	processes  int64
}

var (
	needBounds    = bounds{memory: 640 << 20, processors: 2e9, processes: 500}
	serviceBounds = bounds{memory: 512 << 20, processors: 1e9, processes: 200}
	linkBounds    = bounds{memory: 128 << 20, processors: 1e9, processes: 200}
)

// kafka is the slot of the broker: a line for those in the network, one for
// this machine, and one that no fault touches, to see whether it answers.
func (g *ground) kafka() (box.Slot, error) {
	itself := "kafka" + behind
	inside, err := g.links.lead("kafka-inside", kafkaInside, join(itself, kafkaInside), within)
	if err != nil {
		return box.Slot{}, err
	}
	outside, err := g.links.lead("kafka", kafkaOutside, join(itself, kafkaOutside), public)
	if err != nil {
		return box.Slot{}, err
	}
	if _, err = g.links.lead("kafka-private", kafkaPrivate, join(itself, kafkaOutside), private); err != nil {
		return box.Slot{}, err
	}
	g.inside["kafka"] = join("kafka", kafkaInside)
	slot := g.kept("kafka", needBounds, "TERM", testcontainers.ContainerRequest{Image: images.Kafka, Cmd: g.kafkaCommand()})
	slot.Gate = &gate{links: g.links, lines: []*line{outside, inside}}
	slot.Answers = func(ctx context.Context) error { return coordinates(ctx, g.links.outside(kafkaPrivate)) }
	return slot, nil
}

func (g *ground) kafkaCommand() []string {
	command := []string{"kafka.Kafka", "/opt/kafka/server.properties"}
	for _, setting := range []string{
		fmt.Sprintf("listeners=PLAINTEXT://0.0.0.0:%d,OUTSIDE://0.0.0.0:%d,CONTROLLER://127.0.0.1:9093", kafkaInside, kafkaOutside),
		fmt.Sprintf("advertised.listeners=PLAINTEXT://kafka:%d,OUTSIDE://%s", kafkaInside, g.links.outside(kafkaOutside)),
		"listener.security.protocol.map=PLAINTEXT:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT",
		"inter.broker.listener.name=PLAINTEXT",
		"offsets.topic.num.partitions=1",   // see coordinates
		"group.min.session.timeout.ms=100", // labs let members die, and do not wait 6 s to see it
	} {
		command = append(command, "--override", setting)
	}
	return command
}

// postgres is the slot of the database server.
func (g *ground) postgres() (box.Slot, error) {
	itself := "postgres" + behind
	outside, err := g.links.lead("postgres", pgPort, join(itself, pgPort), public)
	if err != nil {
		return box.Slot{}, err
	}
	if _, err := g.links.lead("postgres-private", pgPrivate, join(itself, pgPort), private); err != nil {
		return box.Slot{}, err
	}
	g.inside["postgres"] = join("postgres", pgPort)
	g.databases = &database.Server{Address: g.links.outside(pgPrivate), Password: rand.Text(), FileCopy: true}
	slot := g.kept("postgres", needBounds, "INT", testcontainers.ContainerRequest{Image: images.Postgres})
	slot.Gate = &gate{links: g.links, lines: []*line{outside}}
	slot.Answers = g.databases.Ping
	return slot, nil
}

// kept is a part whose container stays when it ends, with what it has stored.
func (g *ground) kept(name string, limits bounds, end string, request testcontainers.ContainerRequest) box.Slot {
	var made *running
	return box.Slot{Start: func(_ box.Program, output io.Writer) (box.Process, error) {
		ctx, cancel := context.WithTimeout(context.Background(), orderLimit)
		defer cancel()
		if made == nil {
			id, err := g.create(ctx, name, limits, request)
			if err != nil {
				return nil, err
			}
			made = &running{engine: g.engine, id: id, end: end, memory: limits.memory}
		}
		started := &running{engine: g.engine, id: made.id, end: end, memory: limits.memory}
		if err := started.begin(ctx, output); err != nil {
			return nil, err
		}
		if name == "postgres" {
			go g.secure(made.id)
		}
		return started, nil
	}}
}

// secure gives the superuser the sandbox's own password, as soon as the server
// takes the order; until then nobody can ask it anything over the network.
func (g *ground) secure(id string) {
	statement := "ALTER ROLE " + database.Superuser + " PASSWORD '" + g.databases.Password + "'"
	ctx, cancel := context.WithTimeout(context.Background(), orderLimit)
	defer cancel()
	for g.run(ctx, id, "psql", "-U", database.Superuser, "-qc", statement) != nil && ctx.Err() == nil {
		time.Sleep(30 * time.Millisecond)
	}
}

// run runs a command in a container.
func (g *ground) run(ctx context.Context, id string, command ...string) error {
	made, err := g.engine.ExecCreate(ctx, id, client.ExecCreateOptions{Cmd: command, AttachStdout: true, AttachStderr: true})
	if err != nil {
		return err
	}
	attached, err := g.engine.ExecAttach(ctx, made.ID, client.ExecAttachOptions{})
	if err != nil {
		return err
	}
	defer attached.Close()
	io.Copy(io.Discard, attached.Reader)
	ended, err := g.engine.ExecInspect(ctx, made.ID, client.ExecInspectOptions{})
	if err == nil && ended.ExitCode != 0 {
		err = fmt.Errorf("%s: exit status %d", command[0], ended.ExitCode)
	}
	return err
}

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
	id, err := g.create(ctx, name, serviceBounds, g.programRequest(program))
	if err != nil {
		return nil, err
	}
	p := &running{engine: g.engine, id: id, end: "TERM", memory: serviceBounds.memory, spent: true}
	if err := p.begin(ctx, output); err != nil {
		p.remove()
		return nil, err
	}
	return p, nil
}

// programRequest is a container that runs a program of this machine.
func (g *ground) programRequest(program box.Program) testcontainers.ContainerRequest {
	const inside = "/app"
	env := map[string]string{}
	for _, pair := range program.Env {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return testcontainers.ContainerRequest{
		Image: images.Base, Entrypoint: append([]string{inside}, program.Args...), Env: env,
		Files: []testcontainers.ContainerFile{{HostFilePath: program.Path, ContainerFilePath: inside, FileMode: 0o755}},
	}
}

// startLinks starts the links and waits until they lead.
func (g *ground) startLinks(ctx context.Context, s *box.Stages) error {
	path, err := g.provider.fixtures(ctx, s)
	if err != nil {
		return err
	}
	return s.Run("start links", func() error {
		request := g.programRequest(box.Program{Path: path, Args: []string{"link"}, Env: []string{link.EnvToken + "=" + g.links.token}})
		id, err := g.create(ctx, "links", linkBounds, request)
		if err != nil {
			return err
		}
		p := &running{engine: g.engine, id: id, end: "TERM"}
		log, err := os.OpenFile(filepath.Join(g.folder, "links.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("write log: %w", err)
		}
		if err := p.begin(ctx, log); err != nil {
			log.Close()
			return err
		}
		go func() { <-p.Done(); log.Close() }()
		return g.links.settle(ctx)
	})
}

// create makes a container in the sandbox's network, with no more rights than
// a program needs.
func (g *ground) create(ctx context.Context, name string, limits bounds, request testcontainers.ContainerRequest) (id string, err error) {
	aliases := []string{name + behind}
	if name == "links" {
		aliases = append(g.names(), "links")
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), orderLimit)
	defer cancel()
	request.Networks, request.NetworkAliases = []string{g.network()}, map[string][]string{g.network(): aliases}
	request.Labels = maps.Clone(g.labels) // to which others may add
	request.Name = fmt.Sprintf("%s-%s-%d", g.network(), name, g.made.Add(1))
	var config *container.Config
	var host *container.HostConfig
	request.ConfigModifier = func(c *container.Config) { config = c; c.Hostname = name; c.User = "10001" }
	request.HostConfigModifier = func(h *container.HostConfig) { host = h; g.restrict(h, limits) }
	// Last, or what an image exposes would be open to the whole network.
	publish := func(context.Context, testcontainers.ContainerRequest) error {
		g.publish(config, host, name)
		return nil
	}
	request.LifecycleHooks = []testcontainers.ContainerLifecycleHooks{{PreCreates: []testcontainers.ContainerRequestHook{publish}}}
	made, err := g.engine.make.CreateContainer(ctx, request)
	if err != nil {
		return "", fmt.Errorf("create %s: %w", name, engine.Plain(err))
	}
	return made.GetContainerID(), nil
}

// names are those that the links stand for.
func (g *ground) names() (all []string) {
	for _, need := range g.shape.needs {
		all = append(all, string(need))
	}
	return append(all, g.shape.services...)
}

// restrict bounds a container. What it prints goes to us alone: on the
// engine's disk it would grow.
func (g *ground) restrict(h *container.HostConfig, limits bounds) {
	h.Memory, h.MemorySwap = limits.memory, limits.memory
	h.NanoCPUs = min(limits.processors, int64(g.engine.Processors)*1e9)
	h.PidsLimit = &limits.processes
	h.CapDrop = []string{"ALL"}
	h.SecurityOpt = []string{"no-new-privileges"}
	h.LogConfig = container.LogConfig{Type: "none"}
}

// publish binds the links' ports on this machine's loopback, and no other.
func (g *ground) publish(c *container.Config, h *container.HostConfig, name string) {
	c.ExposedPorts, h.PortBindings = network.PortSet{}, network.PortMap{}
	if name != "links" {
		return
	}
	for inside, address := range g.links.ports {
		public, port := netip.MustParseAddrPort(address), network.MustParsePort(inside+"/tcp")
		c.ExposedPorts[port] = struct{}{}
		h.PortBindings[port] = []network.PortBinding{{HostIP: public.Addr(), HostPort: strconv.Itoa(int(public.Port()))}}
	}
}

func join(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
