package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"

	"cnalab/labs"
)

const (
	// answerLimit bounds how long an engine that hangs keeps people waiting.
	answerLimit = 3 * time.Second
	// oldest is the first API version that sandboxes work with: Docker 20.10's.
	oldest = 41
)

// quiet turns off what testcontainers does by itself: a helper container that
// comes from a registry and cleans up, which sweeping does here, and words on
// the terminal.
var quiet = sync.OnceFunc(func() {
	os.Setenv("TESTCONTAINERS_RYUK_DISABLED", "true")
	os.Setenv("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1")
	log.SetDefault(log.NewNoopLogger())
})

// engine is a Docker engine that answers.
type engine struct {
	*testcontainers.DockerProvider
	client.APIClient
	processors int
}

// connect finds the engine of this machine and asks it who it is.
func connect(ctx context.Context) (*engine, error) {
	quiet()
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	provider, err := testcontainers.NewDockerProvider()
	if err != nil {
		return nil, absent(err)
	}
	e := &engine{DockerProvider: provider, APIClient: provider.Client()}
	info, err := e.Info(ctx, client.InfoOptions{})
	if err != nil {
		return nil, absent(err)
	}
	e.processors = info.Info.NCPU
	return e, recent(e.ClientVersion())
}

func absent(err error) error {
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

// has returns nil where the engine has all of the images.
func (e *engine) has(ctx context.Context, names ...string) error {
	var missing []string
	for _, name := range names {
		if _, err := e.ImageInspect(ctx, name); errdefs.IsNotFound(err) {
			missing = append(missing, name)
		} else if err != nil {
			return absent(err)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &labs.Problem{Kind: labs.Machine, Say: "The Docker engine lacks " + strings.Join(missing, ", ") + ".",
		Next: "Run `go tool task images`, or without a registry `go tool task images:offline`."}
}

// silent is the problem of an engine that answered before.
func silent(err error) error {
	return &labs.Problem{Kind: labs.Sandbox, Say: "The Docker engine does not answer any more.",
		Next: "Start it, then open the sandbox again; your files are saved.", Err: err}
}

// lost reports whether an error is of the way to the engine, and not its answer.
func lost(err error) bool {
	_, broken := errors.AsType[*net.OpError](err)
	return broken || client.IsErrConnectionFailed(err) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// plain makes of an engine's error what a person can act on.
func plain(err error) error {
	switch {
	case err == nil:
		return nil
	case lost(err):
		return silent(err)
	case strings.Contains(err.Error(), "port is already allocated"), strings.Contains(err.Error(), "address already in use"):
		return &labs.Problem{Kind: labs.Machine, Say: "Another program has taken a port that the sandbox wanted.", Next: "Open the sandbox again.", Err: err}
	case labs.SaysFull(err.Error()):
		return &labs.Problem{Kind: labs.Machine, Say: "The Docker engine's disk is full.", Next: "Free some space there; `docker system df` says what takes it.", Err: err}
	}
	return err
}
