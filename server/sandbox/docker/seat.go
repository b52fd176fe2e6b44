package docker

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"mvdan.cc/sh/v3/syntax"

	"cnalab/fixtures/images"
	"cnalab/server/sandbox/box"
	"cnalab/server/sandbox/engine"
)

// inside is where a container has its program.
const inside = "/app"

// seat is a container that runs already and waits for its program: a shell
// that turns into the program it is told of. To start a container takes most
// of the time that starting a service does, and this is done before the
// program, or what it is told, is known.
type seat struct {
	*running
	host   string // the first of its names in the network
	output *relay
}

// sit makes a seat that is known by the aliases.
func (g *ground) sit(ctx context.Context, name string, aliases []string, limits bounds) (*seat, error) {
	id, err := g.create(ctx, name, aliases, limits, testcontainers.ContainerRequest{Image: images.Base, Entrypoint: []string{"sh"},
		ConfigModifier: func(c *container.Config) { c.OpenStdin, c.StdinOnce = true, true }})
	if err != nil {
		return nil, err
	}
	s := &seat{host: aliases[0], running: &running{engine: g.engine, id: id, end: "TERM", memory: limits.memory, spent: true, asks: true}, output: &relay{}}
	if err := s.begin(ctx, s.output); err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

// free reports whether the seat still waits.
func (s *seat) free() bool {
	select {
	case <-s.Done():
		return false
	default:
		return true
	}
}

// run has the seat become the program, which prints to output.
func (s *seat) run(ctx context.Context, program box.Program, output io.Writer) error {
	script, err := become(program)
	if err != nil {
		return err
	}
	if err := s.carry(ctx, program.Path); err != nil {
		return fmt.Errorf("copy program: %w", engine.Plain(err))
	}
	s.output.to(output)
	defer s.stream.CloseWrite()
	if _, err := io.WriteString(s.stream.Conn, script); err != nil {
		return fmt.Errorf("start program: %w", engine.Plain(err))
	}
	return nil
}

// become is what the shell is told.
func become(program box.Program) (script string, err error) {
	var lines strings.Builder
	for _, pair := range program.Env {
		name, value, _ := strings.Cut(pair, "=")
		quoted, err := syntax.Quote(value, syntax.LangPOSIX)
		if err != nil {
			return "", fmt.Errorf("tell the program %s: %w", name, err)
		}
		fmt.Fprintf(&lines, "export %s=%s\n", name, quoted)
	}
	lines.WriteString("exec " + inside)
	for _, arg := range program.Args {
		quoted, err := syntax.Quote(arg, syntax.LangPOSIX)
		if err != nil {
			return "", fmt.Errorf("start program: %w", err)
		}
		lines.WriteString(" " + quoted)
	}
	return lines.String() + " </dev/null\n", nil
}

// carry copies a program of this machine into the container. What a request
// to make a container may bring along is compressed on its way, which takes a
// processor longer than the start of the container; this is not.
func (s *seat) carry(ctx context.Context, path string) error {
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

// relay is a writer whose target becomes known later.
type relay struct {
	mu     sync.Mutex
	target io.Writer // nil until then
}

func (r *relay) to(target io.Writer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.target = target
}

// Write passes on what is printed; what comes before there is a target nobody
// wants.
func (r *relay) Write(text []byte) (int, error) {
	r.mu.Lock()
	target := r.target
	r.mu.Unlock()
	if target == nil {
		return len(text), nil
	}
	return target.Write(text)
}
