package docker

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/docker/dockerproxy"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/runtime"
)

// backend is where one sandbox's parts run: a network of its own, proxies, and
// containers.
type backend struct {
	provider *Provider
	engine   *docker
	labels   map[string]string
	record   *cleanup.Record
	folder   string
	events   sandbox.EventBus
	proxies  []*proxyContainer
	made     atomic.Int64  // containers
	joinable chan struct{} // closed when there is a network
	begun    atomic.Bool

	sharesEngine bool // the lab uses the engine itself
	dockerProxy  *dockerproxy.Proxy

	ctx     context.Context // ends with the backend
	cancel  context.CancelFunc
	pending sync.WaitGroup // who may be making a container

	once   sync.Once // closes
	closed error
}

// newBackend takes a cleanup record and a folder, and starts nothing yet. The
// engine is the backend's from now on, also where there is an error.
func (p *Provider) newBackend(e *docker, lab, learner string) (*backend, error) {
	record, err := cleanup.NewRecord(p.records())
	if err != nil {
		e.Close()
		return nil, err
	}
	b := &backend{provider: p, engine: e, record: record, folder: filepath.Join(p.records(), record.ID()),
		labels: labelsOf(record.ID(), lab, learner), joinable: make(chan struct{})}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	if err := record.Folder(b.folder, 0o700); err != nil {
		b.Close()
		return nil, fmt.Errorf("make sandbox: %w", err)
	}
	return b, nil
}

// Start, Environment, Folder, Events and Close are of runtime.Backend.

func (b *backend) Folder() string { return b.folder }

func (b *backend) Events() *sandbox.EventBus { return &b.events }

// Start brings up the network, and then the proxies.
func (b *backend) Start(ctx context.Context, s *runtime.Stages) error {
	if len(b.proxies) == 0 || b.begun.Swap(true) {
		return nil // there is nothing that would need a network, or all is up
	}
	if err := s.Run("make network", func() error { return b.makeNetwork(ctx) }); err != nil {
		return err
	}
	close(b.joinable)
	program, err := b.provider.fixtures(ctx, s)
	if err != nil {
		return err
	}
	return s.Run("start proxy", func() error {
		group, ctx := errgroup.WithContext(ctx)
		for _, p := range b.proxies {
			group.Go(func() error { return b.startProxy(ctx, p, program) })
		}
		return group.Wait()
	})
}

// awaitNetwork waits until containers can be made in the network.
func (b *backend) awaitNetwork(ctx context.Context) error {
	select {
	case <-b.joinable:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *backend) network() string { return "cnalab-" + b.record.ID() }

func (b *backend) makeNetwork(ctx context.Context) error {
	// Once asked for it is waited for: what appears later nobody would remove.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer cancel()
	_, err := b.engine.NetworkCreate(ctx, b.network(), client.NetworkCreateOptions{Driver: "bridge", Labels: b.labels})
	if err != nil {
		return fmt.Errorf("make network: %w", engine.Translate(err))
	}
	return nil
}

// openDockerProxy gives the lab the engine itself, by a way of its own.
func (b *backend) openDockerProxy(ctx context.Context, workspace string) (err error) {
	// A socket's path may have about a hundred letters; a data folder's may have more.
	folder := filepath.Join(os.TempDir(), b.network())
	if err := b.record.Folder(folder, 0o700); err != nil {
		return err
	}
	b.dockerProxy, err = dockerproxy.Open(ctx, dockerproxy.Config{Engine: b.engine.DaemonHost(), Socket: filepath.Join(folder, "docker.sock"),
		Labels: b.labels, Own: labelSandbox, Name: b.record.ID(), Workspace: workspace, Dangling: b.provider.dangling})
	return err
}

// Environment says how the engine is reached, where the lab uses it.
func (b *backend) Environment() []string {
	if b.dockerProxy == nil {
		return nil
	}
	// The classic builder is the one that every engine has, and that the docker proxy knows.
	return []string{labs.EnvDocker + "=" + b.dockerProxy.Address(), "DOCKER_BUILDKIT=0"}
}

// Healthy reports whether the proxies lead to the parts.
func (b *backend) Healthy() bool {
	return !slices.ContainsFunc(b.proxies, func(p *proxyContainer) bool { return !p.isUp() })
}

// Closing does nothing: what the parts do until they end is theirs.
func (b *backend) Closing() {}

// Close removes everything the sandbox has in the engine, and its folder.
func (b *backend) Close() error {
	b.once.Do(func() {
		b.cancel()
		b.pending.Wait()
		if b.dockerProxy != nil {
			b.dockerProxy.Close()
		}
		// Nothing is made any more.
		b.closed = b.engine.end(context.Background(), b.record.ID())
		b.engine.Close()
		for _, p := range b.proxies {
			p.release()
		}
		if err := b.record.End(); b.closed == nil {
			b.closed = err
		}
	})
	return b.closed
}
