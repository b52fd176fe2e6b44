package kind

import (
	"context"
	"fmt"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"

	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/runtime"
)

// readyLimit is how long nodes may take to be ready once they have joined.
const readyLimit = 3 * time.Minute

// make makes the cluster and notes how it is when it is clean. On an error
// something may be left, for delete to remove.
func (c *cluster) make(ctx context.Context, images []string, s *runtime.Stages) error {
	var loads errgroup.Group // images, beside what kind does once the nodes are there
	err := c.create(ctx, s, func() {
		loads.Go(func() error { return s.Run("load images", func() error { return c.load(ctx, images) }) })
	})
	if loadErr := loads.Wait(); err == nil {
		err = loadErr
	}
	if err == nil {
		err = c.connect()
	}
	if err != nil {
		return err
	}
	err = s.Run("wait for nodes", func() error {
		ctx, cancel := context.WithTimeout(ctx, readyLimit)
		defer cancel()
		return c.kube.Await(ctx, c.containers())
	})
	if err != nil {
		return err
	}
	if err := s.Run("note what there is", func() error { return c.note(ctx) }); err != nil {
		return err
	}
	c.made = true
	return nil
}

// note writes down how the cluster is when it is clean. The engine is told not
// to start nodes by itself: a sandbox does, and what nobody has is removed.
func (c *cluster) note(ctx context.Context) error {
	for _, name := range c.containers() {
		_, err := c.engine.ContainerUpdate(ctx, name, client.ContainerUpdateOptions{
			RestartPolicy: &container.RestartPolicy{Name: container.RestartPolicyDisabled}})
		if err != nil {
			return fmt.Errorf("update node: %w", engine.Translate(err))
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { c.was, err = c.kube.Take(ctx); return err })
	group.Go(func() (err error) { c.inside, err = c.look(ctx); return err })
	return group.Wait()
}

// clean makes the cluster what it was when it was made: nodes run, and what has
// been added is gone.
func (c *cluster) clean(ctx context.Context) error {
	for _, name := range c.containers() {
		if err := c.revive(ctx, name); err != nil {
			return err
		}
	}
	if err := c.kube.Clean(ctx, c.was); err != nil {
		return err
	}
	return c.scour(ctx)
}

// revive has a node run and waits until it is ready.
func (c *cluster) revive(ctx context.Context, name string) error {
	if err := c.start(ctx, name); err != nil {
		return err
	}
	for {
		since, running := c.since(ctx, name)
		if running && c.kube.Ready(ctx, name, since) == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", name, ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// start starts a node that does not run, and wakes one that is frozen.
func (c *cluster) start(ctx context.Context, name string) error {
	found, err := c.engine.ContainerInspect(ctx, name, client.ContainerInspectOptions{})
	if err != nil {
		return gone(name, err)
	}
	switch state := found.Container.State; {
	case state.Paused:
		_, err = c.engine.ContainerUnpause(ctx, name, client.ContainerUnpauseOptions{})
	case !state.Running:
		_, err = c.engine.ContainerStart(ctx, name, client.ContainerStartOptions{})
	}
	if err != nil {
		return fmt.Errorf("start node: %w", engine.Translate(err))
	}
	return nil
}

// since is when the node was started, and whether it runs.
func (c *cluster) since(ctx context.Context, name string) (time.Time, bool) {
	found, err := c.engine.ContainerInspect(ctx, name, client.ContainerInspectOptions{})
	if err != nil || found.Container.State == nil || !found.Container.State.Running || found.Container.State.Paused {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, found.Container.State.StartedAt)
	return at, err == nil
}
