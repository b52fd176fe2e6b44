package kind

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"cnalab/labs"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/kind/cgroup"
	"cnalab/server/sandbox/runtime"
)

// node is one node of the cluster as a sandbox's part.
type node struct {
	backend *backend
	cluster *cluster
	name    string // of the container, and in the cluster
	address *nodeAddress

	released atomic.Bool // the sandbox is closing: nobody waits for the node's end
	mu       sync.Mutex
	began    time.Time // when its container was started
}

// workload is how the node's part is run.
func (n *node) workload() runtime.Workload {
	return runtime.Workload{Proxy: n.address, Await: n.backend.awaitCluster, Start: n.start, Ready: n.ready, NoNetworkFaults: "The network of a node can be neither slowed nor cut here."}
}

// ready returns nil where the node is ready, and has said so since it was started.
func (n *node) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	n.mu.Lock()
	began := n.began
	n.mu.Unlock()
	return n.cluster.kube.Ready(ctx, n.name, began)
}

// start starts the container where it does not run.
func (n *node) start(ctx context.Context, _ runtime.Program, output io.Writer) (runtime.Process, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	if err := n.cluster.start(ctx, n.name); err != nil {
		return nil, err
	}
	found, err := n.cluster.engine.ContainerInspect(ctx, n.name, client.ContainerInspectOptions{})
	if err != nil {
		return nil, nodeGone(n.name, err)
	}
	began, _ := time.Parse(time.RFC3339Nano, found.Container.State.StartedAt)
	n.mu.Lock()
	n.began = began
	n.mu.Unlock()
	n.address.set(found.Container)
	p := &process{node: n, container: found.Container.ID, done: make(chan struct{}), released: make(chan struct{})}
	go p.wait()
	go n.cluster.follow(n.name, output, p.done)
	return p, nil
}

// release lets the node run on when its part is closed.
func (n *node) release() { n.released.Store(true) }

// nodeGone is the problem of a node whose container is not there any more; other
// errors are told as they are.
func nodeGone(name string, err error) error {
	if err != nil && !errdefs.IsNotFound(err) {
		return engine.Translate(err)
	}
	return &labs.Problem{Kind: labs.Sandbox, Say: fmt.Sprintf("The node %s is gone: its container was removed.", name),
		Next: "Close the sandbox, then open it again; your files are saved.", Err: err}
}

// process is one start of a node's container.
type process struct {
	node      *node
	container string // its ID
	done      chan struct{}
	released  chan struct{}
	release   sync.Once
	err       error // read after done
}

// wait waits for the container's end.
func (p *process) wait() {
	defer close(p.done)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ends := p.node.cluster.engine.ContainerWait(ctx, p.node.name, client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
	select {
	case <-p.released:
	case err := <-ends.Error:
		p.err = nodeGone(p.node.name, err)
	case end := <-ends.Result:
		switch end.StatusCode {
		case 137:
			p.err = errors.New("its container was killed")
		case 0, 130:
		default:
			p.err = fmt.Errorf("exit status %d", end.StatusCode)
		}
	}
}

// What follows is runtime.Process.

func (p *process) Done() <-chan struct{} { return p.done }

func (p *process) Err() error {
	<-p.done
	return p.err
}

func (p *process) Stop(grace time.Duration) {
	if p.node.released.Load() {
		p.release.Do(func() { close(p.released) })
		<-p.done
		return
	}
	p.Resume()
	defer cgroup.ThawUntil(p.container)()
	seconds := int(grace.Seconds())
	p.request(func(ctx context.Context, name string) error {
		_, err := p.node.cluster.engine.ContainerStop(ctx, name, client.ContainerStopOptions{Timeout: &seconds})
		return err
	})
	p.waitEnd()
}

func (p *process) Kill() {
	p.Resume() // a paused one does not die of it
	defer cgroup.ThawUntil(p.container)()
	p.request(func(ctx context.Context, name string) error {
		_, err := p.node.cluster.engine.ContainerKill(ctx, name, client.ContainerKillOptions{Signal: "KILL"})
		return err
	})
	p.waitEnd()
}

func (p *process) waitEnd() {
	select {
	case <-p.done:
	case <-time.After(requestTimeout): // the engine is gone, or hangs
	}
}

func (p *process) Pause() (err error) {
	p.request(func(ctx context.Context, name string) error {
		_, err = p.node.cluster.engine.ContainerPause(ctx, name, client.ContainerPauseOptions{})
		return err
	})
	select {
	case <-p.done:
		return nil // there is nothing to pause
	default:
		return engine.PauseError(err)
	}
}

func (p *process) Resume() {
	p.request(func(ctx context.Context, name string) error {
		_, err := p.node.cluster.engine.ContainerUnpause(ctx, name, client.ContainerUnpauseOptions{})
		return err
	})
}

// request asks something of the engine. Its error says nothing: of a container
// that has ended nothing can be asked, and whether it has is what Done tells.
func (p *process) request(do func(ctx context.Context, name string) error) {
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	_ = do(ctx, p.node.name)
}
