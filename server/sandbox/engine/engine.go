// Package engine finds the Docker engine of this machine and says in plain
// words what is wrong with it. It knows nothing of sandboxes.
package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"

	dockerengine "cnalab/fixtures/images/engine"
	"cnalab/labs"
	"cnalab/labs/environ"
	"cnalab/server/sandbox/cleanup"
)

const (
	// answerTimeout bounds how long an engine that hangs keeps people waiting.
	answerTimeout = 3 * time.Second
	// oldest is the first API version that sandboxes work with: Docker 20.10's.
	oldest = 41
)

// Engine is a Docker engine that answers.
type Engine struct {
	client.APIClient
	Memory     int64 // bytes that the engine's machine has
	Processors int   // that it has
	Rootless   bool  // it runs as an ordinary user, who is root in its containers
}

// Connect finds the engine and asks it who it is. An error is a
// *labs.Problem.
func Connect(ctx context.Context) (*Engine, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	connection, err := dockerengine.Find(ctx)
	if err != nil {
		return nil, notFound(err)
	}
	e := &Engine{APIClient: connection}
	info, err := e.Info(ctx, client.InfoOptions{})
	if err == nil {
		e.Memory, e.Processors = info.Info.MemTotal, info.Info.NCPU
		e.Rootless = slices.Contains(info.Info.SecurityOptions, "name=rootless")
		err = recent(e.ClientVersion())
	} else {
		err = notFound(err)
	}
	if err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// Environment has Docker's programs ask this engine. Its certificates are the
// machine's to name where the address is.
func (e *Engine) Environment() []string {
	groups := []environ.Group{environ.DockerClient}
	if os.Getenv(client.EnvOverrideHost) == "" {
		groups = append(groups, environ.Docker)
	}
	return append(environ.Without(os.Environ(), groups...), client.EnvOverrideHost+"="+e.DaemonHost())
}

// notFound is the problem of an engine that does not answer.
func notFound(err error) error {
	if errors.Is(err, dockerengine.ErrElsewhere) {
		return &labs.Problem{Kind: labs.Machine, Say: "The Docker engine that is chosen here is on another machine, and a sandbox wants one on this machine.",
			Next: "Choose it with `docker context use default`, or unset DOCKER_HOST.", Err: fmt.Errorf("connect to the engine: %w", err)}
	}
	if strings.Contains(err.Error(), "permission denied") {
		return &labs.Problem{Kind: labs.Machine, Say: "This account may not use the Docker engine.",
			Next: "Add it to the group docker, log in again, and try again.", Err: fmt.Errorf("connect to the engine: %w", err)}
	}
	return &labs.Problem{Kind: labs.Machine, Say: "No Docker engine answers on this machine.",
		Next: "Start Docker, or install it, and try again; `go run ./server doctor` says more.", Err: fmt.Errorf("connect to the engine: %w", err)}
}

// recent turns down an engine that is too old.
func recent(version string) error {
	_, minor, _ := strings.Cut(version, ".")
	if number, err := strconv.Atoi(minor); err == nil && number < oldest {
		return &labs.Problem{Kind: labs.Machine, Say: fmt.Sprintf("The Docker engine is too old: it speaks version %s of its API.", version),
			Next: "Install Docker 20.10 or newer."}
	}
	return nil
}

// Has returns nil where the engine has all of the images.
func (e *Engine) Has(ctx context.Context, names ...string) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	missing := make([]string, len(names)) // by the place of its name; empty where it is there
	var group errgroup.Group
	for i, name := range names {
		group.Go(func() error {
			_, err := e.ImageInspect(ctx, name)
			if errdefs.IsNotFound(err) {
				missing[i] = name
				return nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return notFound(err)
	}
	missing = slices.DeleteFunc(missing, func(name string) bool { return name == "" })
	if len(missing) == 0 {
		return nil
	}
	return &labs.Problem{Kind: labs.Machine, Say: "The Docker engine lacks " + strings.Join(missing, ", ") + ".",
		Next: "Run `go tool task images`, or without a registry `go tool task images:offline`."}
}

// PauseError is the error of an engine that did not pause a container that runs;
// nil where err is. The engine needs control groups for it, which an engine without
// root's rights has with version 2 alone.
func PauseError(err error) error {
	if err == nil || lost(err) {
		return Translate(err)
	}
	return &labs.Problem{Kind: labs.Machine, Say: "This Docker engine cannot pause containers.",
		Next: "Choose another fault; `go run ./server doctor` says what the engine lacks.", Detail: err.Error(), Err: err}
}

// ErrEngineLost is the problem of an engine that answered before.
func ErrEngineLost(err error) error {
	return &labs.Problem{Kind: labs.Sandbox, Say: "The Docker engine does not answer any more.",
		Next: "Start it, then open the sandbox again; your files are saved.", Err: err}
}

// lost reports whether an error is of the way to the engine, and not its answer.
func lost(err error) bool {
	_, broken := errors.AsType[*net.OpError](err)
	return broken || client.IsErrConnectionFailed(err) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// Translate makes of an engine's error what a person can act on.
func Translate(err error) error {
	if err == nil {
		return nil
	}
	words := err.Error()
	switch {
	case lost(err), strings.Contains(words, "Cannot connect to the Docker daemon"):
		return ErrEngineLost(err)
	case strings.Contains(words, "port is already allocated"), strings.Contains(words, "address already in use"):
		return &labs.Problem{Kind: labs.Machine, Say: "Another program has taken a port that the sandbox wanted.", Next: "Open the sandbox again.",
			Err: fmt.Errorf("%w: %w", cleanup.ErrPortTaken, err)}
	case labs.SaysFull(words):
		return &labs.Problem{Kind: labs.Machine, Say: "The Docker engine's disk is full.", Next: "Free some space there; `docker system df` says what takes it.", Err: err}
	}
	return err
}
