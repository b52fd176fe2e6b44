package docker

import (
	"archive/tar"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"

	"cnalab/fixtures/images"
	"cnalab/server/sandbox/engine"
)

// programs are where a seat has what it runs.
var programs = [2]string{"/app-0", "/app-1"}

// seat is a container that runs already and waits for its program: a shell
// that runs what it is told of. To start a container takes most of the time
// that starting a service does, and this is done before the program, or what it
// is told, is known. A program that is asked to end leaves its seat to the next.
type seat struct {
	*process
	host    string    // the first of its names in the network
	mark    string    // what the shell prints when a program has ended that was asked to
	streams [2]*relay // what is printed, and what is printed as an error

	// Guarded by whoever has the turn to run a program here:
	carried [2]string // which of this machine's programs they are; the older one makes room
	last    int       // the one that was run last
	turn    *turn     // nil until a program has run
}

// sit makes a seat that is known by the aliases.
func (g *backend) sit(ctx context.Context, name string, aliases []string, limits engine.Bounds) (*seat, error) {
	id, err := g.create(ctx, name, aliases, limits, testcontainers.ContainerRequest{Image: images.Base, Entrypoint: []string{"sh"},
		ConfigModifier: func(c *container.Config) { c.OpenStdin, c.StdinOnce = true, true }})
	if err != nil {
		return nil, err
	}
	mark := "\x1e" + rand.Text()
	s := &seat{host: aliases[0], mark: mark, streams: [2]*relay{{mark: []byte(mark)}, {mark: []byte(mark)}},
		process: &process{engine: g.engine, id: id, memory: limits.Memory, spent: true, asks: true}}
	if err := s.begin(ctx, s.streams[0], s.streams[1]); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

// taken reports whether a program runs here that has not ended.
func (s *seat) taken() bool {
	if s.turn == nil {
		return false
	}
	select {
	case <-s.turn.Done():
		return false
	default:
		return true
	}
}

// carry copies a program of this machine into the container. What a request
// to make a container may bring along is compressed on its way, which takes a
// processor longer than the start of the container; this is not. What was run
// last, and before that, is there already.
func (s *seat) carry(ctx context.Context, path string) (inside string, err error) {
	at := slices.Index(s.carried[:], path)
	if at < 0 {
		at = 1 - s.last
		s.carried[at] = ""
		if err := s.copy(ctx, path, programs[at]); err != nil {
			return "", fmt.Errorf("copy program: %w", engine.Translate(err))
		}
		s.carried[at] = path
	}
	s.last = at
	return programs[at], nil
}

func (s *seat) copy(ctx context.Context, path, inside string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	read, write := io.Pipe()
	defer read.Close()
	go func() {
		archive := tar.NewWriter(write)
		err := archive.WriteHeader(&tar.Header{Name: inside, Mode: 0o755, Size: info.Size()})
		if err == nil {
			_, err = io.Copy(archive, file)
		}
		write.CloseWithError(errors.Join(err, archive.Close()))
	}()
	_, err = s.engine.CopyToContainer(ctx, s.id, client.CopyToContainerOptions{DestinationPath: "/", Content: read})
	return err
}
