package docker

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"

	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/runtime"
)

// snapshotLimit bounds what keeping one part's data, or going back to it, takes.
const snapshotLimit = 2 * time.Minute

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

// What containers may take. Kafka takes 240 to 290 MiB here, Postgres a tenth.
var (
	partBounds    = engine.Bounds{Memory: 640 << 20, Processors: 2e9, Processes: 500}
	serviceBounds = engine.Bounds{Memory: 512 << 20, Processors: 1e9, Processes: 200}
	proxyBounds   = engine.Bounds{Memory: 128 << 20, Processors: 1e9, Processes: 200}
)

// kept is a part whose container stays when it ends, with what it has stored.
type persistent struct {
	backend *backend
	name    string
	limits  engine.Bounds
	end     string // the signal that asks it to end
	request testcontainers.ContainerRequest

	// Guarded by the part's turn:
	id    string // of the container, once it is made
	image string // of the snapshot, once there is one
}

func (g *backend) persistent(name string, limits engine.Bounds, end string, request testcontainers.ContainerRequest) runtime.Workload {
	k := &persistent{backend: g, name: name, limits: limits, end: end, request: request}
	return runtime.Workload{Start: k.start, Store: k}
}

func (k *persistent) start(_ runtime.Program, output io.Writer) (runtime.Process, error) {
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	if k.id == "" {
		made, err := k.backend.create(ctx, k.name, []string{k.name + behind}, k.limits, k.request)
		if err != nil {
			return nil, err
		}
		k.id = made
	}
	started := &process{engine: k.backend.engine, id: k.id, end: k.end, memory: k.limits.Memory}
	if err := started.begin(ctx, output, output); err != nil {
		return nil, err
	}
	if k.name == "postgres" {
		go k.backend.secure(k.id)
	}
	return started, nil
}

// Snapshot makes an image of the container. It bears the container's labels,
// and so goes with the sandbox.
func (k *persistent) Snapshot(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, snapshotLimit)
	defer cancel()
	made, err := k.backend.engine.ContainerCommit(ctx, k.id, client.ContainerCommitOptions{NoPause: true}) // it stands still already
	if err != nil {
		return fmt.Errorf("commit %s: %w", k.name, engine.Translate(err))
	}
	k.image = made.ID
	return nil
}

// Restore has the part's next start be of a container of that image.
func (k *persistent) Restore(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, snapshotLimit)
	defer cancel()
	_, err := k.backend.engine.ContainerRemove(ctx, k.id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	if err != nil && !errdefs.IsNotFound(err) {
		return fmt.Errorf("remove %s: %w", k.name, engine.Translate(err))
	}
	k.request.Image, k.id = k.image, ""
	return nil
}

func join(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
