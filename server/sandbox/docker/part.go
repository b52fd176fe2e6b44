package docker

import (
	"context"
	"io"
	"net"
	"strconv"

	"github.com/testcontainers/testcontainers-go"

	"cnalab/server/sandbox/box"
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

// kept is a part whose container stays when it ends, with what it has stored.
func (g *ground) kept(name string, limits bounds, end string, request testcontainers.ContainerRequest) box.Slot {
	var id string // of the container, once it is made
	return box.Slot{Start: func(_ box.Program, output io.Writer) (box.Process, error) {
		ctx, cancel := context.WithTimeout(context.Background(), orderLimit)
		defer cancel()
		if id == "" {
			made, err := g.create(ctx, name, limits, request)
			if err != nil {
				return nil, err
			}
			id = made
		}
		started := &running{engine: g.engine, id: id, end: end, memory: limits.memory}
		if err := started.begin(ctx, output); err != nil {
			return nil, err
		}
		if name == "postgres" {
			go g.secure(id)
		}
		return started, nil
	}}
}

func join(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
