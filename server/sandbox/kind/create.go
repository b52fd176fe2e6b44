package kind

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/moby/moby/client"
	"sigs.k8s.io/kind/pkg/apis/config/v1alpha4"
	kindcluster "sigs.k8s.io/kind/pkg/cluster"
	"sigs.k8s.io/kind/pkg/exec"

	"cnalab/fixtures/images"
	"cnalab/labs"
	"cnalab/labs/environ"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/runtime"
)

const (
	// networkVariable tells kind which network its nodes go into. It is the
	// whole program's: whoever has set it holds networkLock until kind has read it.
	networkVariable = "KIND_EXPERIMENTAL_DOCKER_NETWORK"
	// requestTimeout bounds one request to the engine.
	requestTimeout = 30 * time.Second
	// abortTimeout bounds the wait for kind to notice that its nodes are gone.
	abortTimeout = time.Minute
	// lateNodesTimeout is how long after kind's end one of its commands that it did
	// not wait for may still make a node.
	lateNodesTimeout = 2 * time.Second
)

var networkLock = make(chan struct{}, 1)

// create has kind make the cluster, and calls prepared when its nodes are
// there, but not yet a cluster. kind cannot be told to give up: where ctx
// ends its nodes are taken from it, which ends it.
func (c *cluster) create(ctx context.Context, s *runtime.Stages, prepared func()) error {
	if err := s.Run("make network", func() error { return c.makeNetwork(ctx) }); err != nil {
		return err
	}
	unlock, err := c.setNetwork(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	log := &logger{stages: s, preparing: unlock, ready: prepared}
	done := make(chan error, 1)
	go func() { done <- c.callKind(log) }()
	select {
	case err := <-done:
		if err != nil {
			log.finish(err)
			c.removeLateNodes(log)
		}
		return translate(err)
	case <-ctx.Done():
		c.abort(log, done)
		log.finish(ctx.Err())
		return ctx.Err()
	}
}

// setNetwork tells kind the network, once no other cluster's is set.
func (c *cluster) setNetwork(ctx context.Context) (unlock func(), err error) {
	select {
	case networkLock <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	unlock = sync.OnceFunc(func() { os.Unsetenv(networkVariable); <-networkLock })
	if err := errors.Join(ctx.Err(), os.Setenv(networkVariable, c.name)); err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

func (c *cluster) callKind(log *logger) error {
	environ.Unset(environ.DockerClient) // kind calls the docker command, which heeds them
	provider := kindcluster.NewProvider(kindcluster.ProviderWithLogger(log), kindcluster.ProviderWithDocker())
	return provider.Create(c.name, kindcluster.CreateWithV1Alpha4Config(c.plan()), kindcluster.CreateWithKubeconfigPath(c.config()))
}

// plan is the cluster in kind's words. Everything is bound to this machine's
// loopback.
func (c *cluster) plan() *v1alpha4.Cluster {
	plan := &v1alpha4.Cluster{TypeMeta: v1alpha4.TypeMeta{Kind: "Cluster", APIVersion: "kind.x-k8s.io/v1alpha4"},
		Networking: v1alpha4.Networking{APIServerAddress: "127.0.0.1", APIServerPort: number(c.api)}}
	first := v1alpha4.Node{Role: v1alpha4.ControlPlaneRole, Image: images.Node}
	for inside, outside := range c.ports {
		first.ExtraPortMappings = append(first.ExtraPortMappings,
			v1alpha4.PortMapping{ListenAddress: "127.0.0.1", HostPort: number(outside), ContainerPort: int32(inside)})
	}
	plan.Nodes = append(plan.Nodes, first)
	for range c.shape.workers {
		plan.Nodes = append(plan.Nodes, v1alpha4.Node{Role: v1alpha4.WorkerRole, Image: images.Node})
	}
	return plan
}

func (c *cluster) makeNetwork(ctx context.Context) error {
	// Once asked for it is waited for: what appears later nobody would remove.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout)
	defer cancel()
	_, err := c.engine.NetworkCreate(ctx, c.name, client.NetworkCreateOptions{Driver: "bridge", Labels: c.labels,
		Options: map[string]string{"com.docker.network.bridge.enable_ip_masquerade": "true"}})
	if err != nil {
		return fmt.Errorf("make network: %w", engine.Translate(err))
	}
	return nil
}

// abort removes what kind has made until kind has ended. Its commands that
// make nodes run side by side, so before that it waits for all of the nodes.
func (c *cluster) abort(log *logger, done <-chan error) {
	ctx, cancel := context.WithTimeout(context.Background(), abortTimeout)
	defer cancel()
	for began := time.Now(); ; {
		found, err := nodesOf(ctx, c.engine, c.name)
		if len(found) > c.shape.workers || log.prepared.Load() || time.Since(began) > lateNodesTimeout {
			removeNodes(ctx, c.engine, c.name)
		}
		select {
		case <-done:
			c.removeLateNodes(log)
			return
		case <-ctx.Done(): // the engine hangs; the reaper, or the next start, removes it
			return
		case <-time.After(100 * time.Millisecond):
		}
		if client.IsErrConnectionFailed(err) {
			return
		}
	}
}

// removeLateNodes removes what appears after kind's end, where it ended while it
// made nodes: it does not wait for all of its commands.
func (c *cluster) removeLateNodes(log *logger) {
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	for end := time.Now().Add(lateNodesTimeout); ; time.Sleep(100 * time.Millisecond) {
		removeNodes(ctx, c.engine, c.name)
		if log.prepared.Load() || !log.begun.Load() || time.Now().After(end) {
			return
		}
	}
}

// progress is what kind has told so far, for those who take its nodes away.
type progress struct {
	begun    atomic.Bool // it makes nodes
	prepared atomic.Bool // all nodes are made
}

// translate makes of kind's and the engine's errors what a person can act on.
func translate(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if _, ok := errors.AsType[*labs.Problem](err); ok {
		return err
	}
	words := err.Error()
	if failed := exec.RunErrorForError(err); failed != nil {
		words += "\n" + strings.TrimSpace(string(failed.Output))
		err = fmt.Errorf("%w: %s", err, failed.Output)
	}
	if known := engine.Translate(err); known != err {
		return known
	}
	return &labs.Problem{Kind: labs.Sandbox, Say: "The cluster did not start.", Next: "Try again; `go run ./server doctor` says what the machine lacks.",
		Detail: tail(words), Err: err}
}

// tail is the end of a program's words: the last of them say what went wrong.
func tail(words string) string {
	lines := strings.Split(words, "\n")
	return strings.Join(lines[max(len(lines)-12, 0):], "\n")
}
