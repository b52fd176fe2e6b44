package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"

	fixtures "cnalab/fixtures/images"
	images "cnalab/fixtures/images/engine"
	"cnalab/labs"
	"cnalab/server/sandbox/engine"
)

// configureTestcontainers turns off what testcontainers does by itself: a helper container that
// comes from a registry and cleans up, which sweeping does here, and words on
// the terminal.
var configureTestcontainers = sync.OnceFunc(func() {
	os.Setenv("TESTCONTAINERS_RYUK_DISABLED", "true")
	os.Setenv("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1")
	log.SetDefault(log.NewNoopLogger())
})

// docker is an engine that answers, and what makes containers in it.
type docker struct {
	*engine.Engine
	make *testcontainers.DockerProvider
}

// connect finds the engine of this machine.
func connect(ctx context.Context) (*docker, error) {
	e, err := engine.Connect(ctx)
	if err != nil {
		return nil, err
	}
	configureTestcontainers()
	provider, err := newProvider(e.DaemonHost())
	if err != nil {
		e.Close()
		return nil, fmt.Errorf("connect to the engine: %w", err)
	}
	provider.SetClient(e.APIClient) // the engine that was found, whatever it would find
	return &docker{Engine: e, make: provider}, nil
}

var hostLock sync.Mutex

// newProvider has testcontainers find the engine at the address: it knows no
// docker context, and gives up where there is nothing at the system's own
// socket. What it reads is the whole program's, so it is set back at once.
func newProvider(address string) (*testcontainers.DockerProvider, error) {
	hostLock.Lock()
	defer hostLock.Unlock()
	if os.Getenv(client.EnvOverrideHost) == "" {
		os.Setenv(client.EnvOverrideHost, address)
		defer os.Unsetenv(client.EnvOverrideHost)
	}
	return testcontainers.NewDockerProvider()
}

// ensure sees to it that an image which an author names is here, and returns
// its id. What is not here is pulled, which pulling is told before. An error is
// a *labs.Problem, where a person can do something about it.
func (d *docker) ensure(ctx context.Context, reference string, pulling func()) (id string, err error) {
	id, err = images.Ensure(ctx, d.APIClient, reference, pulling)
	if failure, ok := errors.AsType[*fixtures.Failure](err); ok {
		return "", &labs.Problem{Kind: labs.Machine, Say: failure.Say, Next: failure.Next, Err: err}
	}
	return id, err
}

// Close lets go of the engine.
func (d *docker) Close() {
	d.make.Close()
	d.Engine.Close()
}
