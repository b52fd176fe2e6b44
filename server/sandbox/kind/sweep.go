package kind

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/kind/cgroup"
)

// prefix is how the names of our clusters, and of their networks, begin.
const prefix = "cnalab-"

// kind cannot be told to label what it makes, but for the name of the cluster.
// So each has a network of its own, which is there before its first container
// and goes after its last, and whose labels say whose the cluster is.
const (
	kindLabel    = "io.x-k8s.kind.cluster" // of a container: its cluster's name
	roleLabel    = "io.x-k8s.kind.role"    // and what it is there
	labelCluster = "cnalab.cluster"        // of a network: its cluster's record
	labelLab     = "cnalab.lab"
	labelLearner = "cnalab.learner"
)

func labelsOf(id string, request sandbox.Request) map[string]string {
	return cleanup.OwnerLabels(map[string]string{labelCluster: id, labelLab: request.Lab.Folder, labelLearner: request.Learner})
}

// sweepTimeout bounds one sweep.
const sweepTimeout = time.Minute

// Sweep removes what programs that are gone have left in the engine and in the
// data folder.
func (p *Provider) Sweep() error { return p.sweep(context.Background()) }

func (p *Provider) sweep(ctx context.Context) error {
	return errors.Join(Sweep(ctx), cleanup.Sweep(p.records(), func(string) {}))
}

// sweepInBackground sweeps while nobody waits for it: what an engine does not
// let go of keeps nobody from a cluster of his own.
func (p *Provider) sweepInBackground() {
	p.background(func() {
		if err := p.sweep(p.ctx); err != nil && p.ctx.Err() == nil {
			slog.Warn("sweep clusters", "err", err)
		}
	})
}

// Sweep removes the clusters that programs that are gone have left in the
// engine. Where there is no engine there is nothing to sweep.
func Sweep(ctx context.Context) error {
	e, err := engine.Connect(ctx)
	if err != nil {
		return nil
	}
	defer e.Close()
	ctx, cancel := context.WithTimeout(ctx, sweepTimeout)
	defer cancel()
	// Containers first: one whose network is not there afterwards has lost it,
	// and is not just being made.
	nodes, err := e.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: client.Filters{}.Add("label", kindLabel)})
	if err != nil {
		return err
	}
	networks, err := e.NetworkList(ctx, client.NetworkListOptions{})
	if err != nil {
		return err
	}
	there, lost := map[string]bool{}, map[string]bool{}
	for _, n := range networks.Items {
		there[n.Name] = true
		if n.Labels[labelCluster] != "" && cleanup.OwnerGone(n.Labels) {
			lost[n.Name] = true
		}
	}
	for _, c := range nodes.Items {
		if name := c.Labels[kindLabel]; ours(c, name) && !there[name] {
			lost[name] = true
		}
	}
	var errs []error
	for name := range lost {
		errs = append(errs, remove(ctx, e, name))
	}
	return errors.Join(errs...)
}

// ours reports whether a container is a node of one of our clusters: it is in
// the network with the cluster's name.
func ours(c container.Summary, name string) bool {
	return strings.HasPrefix(name, prefix) && c.NetworkSettings != nil && c.NetworkSettings.Networks[name] != nil
}

// remove takes away all of a cluster: its containers with what they have
// stored, then its network. What is gone already is no error.
func remove(ctx context.Context, e *engine.Engine, name string) error {
	ctx, cancel := context.WithTimeout(ctx, sweepTimeout)
	defer cancel()
	for {
		err := errors.Join(removeWorkbenches(ctx, e, name), removeNodes(ctx, e, name))
		_, networkErr := e.NetworkRemove(ctx, name, client.NetworkRemoveOptions{})
		if errdefs.IsNotFound(networkErr) {
			networkErr = nil
		}
		err = errors.Join(err, networkErr)
		if err == nil || client.IsErrConnectionFailed(err) {
			return err
		}
		select { // somebody else removes a node just now, or it is just being made
		case <-ctx.Done():
			return err
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// removeWorkbenches removes the shells in the cluster's network.
func removeWorkbenches(ctx context.Context, e *engine.Engine, name string) error {
	found, err := e.ContainerList(ctx, client.ContainerListOptions{All: true,
		Filters: client.Filters{}.Add("label", labelCluster+"="+strings.TrimPrefix(name, prefix))})
	errs := []error{err}
	for _, c := range found.Items {
		_, err := e.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
		if !errdefs.IsNotFound(err) && !errdefs.IsConflict(err) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func removeNodes(ctx context.Context, e *engine.Engine, name string) error {
	found, err := nodesOf(ctx, e, name)
	errs := make([]error, len(found))
	var all sync.WaitGroup
	for i, c := range found {
		all.Go(func() {
			defer cgroup.ThawUntil(c.ID)()
			_, err := e.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
			switch {
			case errdefs.IsNotFound(err):
			case errdefs.IsConflict(err): // somebody removes it already
				cgroup.Thaw(c.ID)
			default:
				errs[i] = err
			}
		})
	}
	all.Wait()
	return errors.Join(append(errs, err)...)
}

func nodesOf(ctx context.Context, e *engine.Engine, name string) ([]container.Summary, error) {
	found, err := e.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: client.Filters{}.Add("label", kindLabel+"="+name)})
	return found.Items, err
}
