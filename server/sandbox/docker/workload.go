package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/part"
	"cnalab/server/sandbox/runtime"
)

// snapshotTimeout bounds what keeping one part's data, or going back to it, takes.
const snapshotTimeout = 2 * time.Minute

// What containers may take. Kafka takes 240 to 290 MiB here, Postgres a tenth.
var (
	partBounds    = engine.Bounds{Memory: 640 << 20, Processors: 2e9, Processes: 500}
	programBounds = engine.Bounds{Memory: 512 << 20, Processors: 1e9, Processes: 200}
	proxyBounds   = engine.Bounds{Memory: 128 << 20, Processors: 1e9, Processes: 200}
)

// workload is where one part's containers run: one that stays when it ends,
// where the part stores something, else a new one for each start.
type workload struct {
	backend    *backend
	definition part.Definition
	routes     routes
	ports      map[string]*route // by the port's name
	private    *route            // nil where nobody needs it

	// Guarded by the part's lock:
	id    string   // of the container that stays, once it is made
	ahead instance // made for the next start, before its program is; may be the zero one
	image string   // of the snapshot, once there is one
}

// instance is one container of the part.
type instance struct {
	id, host string // the host is its name in the network
}

// Workloads returns where a part's containers will run. The engine itself is no
// container; the lab has a way to it.
func (b *backend) Workloads(d part.Definition) ([]runtime.Workload, error) {
	if d.Engine {
		b.sharesEngine = true
		return nil, nil
	}
	w := &workload{backend: b, definition: d, ports: map[string]*route{}}
	if err := w.addRoutes(); err != nil {
		return nil, err
	}
	placed := runtime.Workload{
		Proxy: w.routes, Outside: outside{w}, Inside: inside{w}, ListenAddress: join("0.0.0.0", d.Container.Ports[0].Number),
		Await: w.await, Ready: w.dial, Start: w.start,
	}
	if w.private != nil {
		placed.ProbeAddress = w.private.hostAddress()
	}
	if d.Container.Stores {
		placed.Store = w
	}
	if d.Program != nil {
		placed.Prepare = w.prepare
	}
	return []runtime.Workload{placed}, nil
}

// addRoutes makes the ways to the container. The proxy publishes its ports when
// it starts, so it is done before.
func (w *workload) addRoutes() error {
	d := w.definition
	proxy, err := w.backend.proxyFor(d)
	if err != nil {
		return err
	}
	for _, port := range d.Container.Ports {
		r, err := proxy.addRoute(d.Name, port, d.Program == nil)
		if err != nil {
			return err
		}
		w.routes, w.ports[port.Name] = append(w.routes, r), r
	}
	if d.Ready != nil || d.Provision != nil {
		w.private, err = proxy.addPrivateRoute(d.Name, d.Container.Ports[0])
	}
	return err
}

// await waits for the network, and pulls an image that an author names.
func (w *workload) await(ctx context.Context, s *runtime.Stages) error {
	if err := w.backend.awaitNetwork(ctx); err != nil || !w.definition.Container.ImageUser {
		return err
	}
	return w.pull(ctx, s)
}

// pull pulls the part's image where it is not here, and says so while it does.
func (w *workload) pull(ctx context.Context, s *runtime.Stages) error {
	end, image := func(error) {}, w.definition.Container.Image
	_, err := w.backend.engine.ensure(ctx, image, func() { end = s.Begin("pull " + image) })
	end(err)
	return err
}

// dial returns nil where the container accepts connections on its first port.
func (w *workload) dial(ctx context.Context) error { return w.routes[0].dial(ctx) }

// start starts a container of the part.
func (w *workload) start(ctx context.Context, program runtime.Program, output io.Writer) (runtime.Process, error) {
	b, c := w.backend, w.definition.Container
	id, err := w.container(ctx, program)
	if err != nil {
		return nil, err
	}
	p := &process{engine: b.engine, id: id, signal: c.Signal, memory: w.bounds().Memory, disposable: !c.Stores}
	starting, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	if err := p.begin(starting, output); err != nil {
		if p.disposable {
			p.remove() // nobody would start it again
		}
		return nil, err
	}
	if c.Started != nil {
		b.pending.Go(func() {
			ctx, cancel := context.WithTimeout(b.ctx, requestTimeout)
			defer cancel()
			c.Started(ctx, func(ctx context.Context, command ...string) error {
				_, err := b.engine.Run(ctx, id, command...)
				return err
			})
		})
	}
	return p, nil
}

// container returns the one that stays, or makes a new one, to which the ways
// to the part lead from now on.
func (w *workload) container(ctx context.Context, program runtime.Program) (id string, err error) {
	if w.id != "" {
		return w.id, nil
	}
	made, err := w.takeAhead(ctx, program)
	if err != nil {
		made, err = w.create(ctx, program)
	}
	if err != nil {
		return "", err
	}
	if err := w.retarget(ctx, made.host); err != nil {
		return "", err
	}
	if w.definition.Container.Stores {
		w.id = made.id
	}
	return made.id, nil
}

// prepare makes the container of the next start, which lacks the program.
func (w *workload) prepare(ctx context.Context, unbuilt runtime.Program) {
	if w.ahead.id != "" {
		return
	}
	if made, err := w.create(ctx, unbuilt); err == nil {
		w.ahead = made
	}
}

// takeAhead returns the container that was made ahead, with its program. An
// error says that there is none, or no more: a prune takes what does not run.
func (w *workload) takeAhead(ctx context.Context, program runtime.Program) (made instance, err error) {
	made, w.ahead = w.ahead, instance{}
	if made.id == "" {
		return made, errors.New("no container is made ahead")
	}
	return made, w.backend.copyIn(ctx, made.id, spec{files: map[string]string{programPath: program.Path}})
}

func (w *workload) retarget(ctx context.Context, host string) error {
	all := w.routes
	if w.private != nil {
		all = append(all[:len(all):len(all)], w.private)
	}
	for _, r := range all {
		if err := r.retarget(ctx, host); err != nil {
			return err
		}
	}
	return nil
}

// Snapshot makes an image of the container. It bears the container's labels,
// and so goes with the sandbox.
func (w *workload) Snapshot(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, snapshotTimeout)
	defer cancel()
	made, err := w.backend.engine.ContainerCommit(ctx, w.id, client.ContainerCommitOptions{NoPause: true}) // it stands still already
	if err != nil {
		return fmt.Errorf("commit %s: %w", w.definition.Name, engine.Translate(err))
	}
	w.image = made.ID
	return nil
}

// Restore has the part's next start be of a container of that image.
func (w *workload) Restore(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, snapshotTimeout)
	defer cancel()
	_, err := w.backend.engine.ContainerRemove(ctx, w.id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	if err != nil && !errdefs.IsNotFound(err) {
		return fmt.Errorf("remove %s: %w", w.definition.Name, engine.Translate(err))
	}
	w.id = ""
	return nil
}

// outside and inside are where a part's ports are reached: from this machine,
// and from the network.
type (
	outside struct{ *workload }
	inside  struct{ *workload }
	itself  struct{ *workload } // as the container says it of itself
)

func (w outside) At(name string) string {
	if r := w.port(name, part.Machine); r != nil {
		return r.hostAddress()
	}
	return ""
}

func (w inside) At(name string) string {
	if r := w.port(name, part.Network); r != nil {
		return join(w.definition.Name, r.port)
	}
	return ""
}

func (w itself) At(name string) string {
	if address := inside(w).At(name); address != "" {
		return address
	}
	return outside(w).At(name)
}

// port returns the named port's route, or the first that is open to that side.
func (w *workload) port(name string, side part.Exposure) *route {
	for _, port := range w.definition.Container.Ports {
		if (name == "" || port.Name == name) && (port.Exposure == part.Everybody || port.Exposure == side) {
			return w.ports[port.Name]
		}
	}
	return nil
}

func join(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
