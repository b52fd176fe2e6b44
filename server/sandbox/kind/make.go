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

// readyTimeout is how long nodes may take to be ready once they have joined.
const readyTimeout = 3 * time.Minute

// make makes the cluster. On an error something may be left, for delete to
// remove.
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
		ctx, cancel := context.WithTimeout(ctx, readyTimeout)
		defer cancel()
		return c.kube.Await(ctx, c.containers())
	})
	if err != nil {
		return err
	}
	return c.disableRestarts(ctx)
}

// disableRestarts tells the engine not to start nodes by itself: a sandbox does,
// and what nobody has is removed.
func (c *cluster) disableRestarts(ctx context.Context) error {
	for _, name := range c.containers() {
		_, err := c.engine.ContainerUpdate(ctx, name, client.ContainerUpdateOptions{
			RestartPolicy: &container.RestartPolicy{Name: container.RestartPolicyDisabled}})
		if err != nil {
			return fmt.Errorf("update node: %w", engine.Translate(err))
		}
	}
	return nil
}

// start starts a node that does not run, and resumes one that is paused.
func (c *cluster) start(ctx context.Context, name string) error {
	found, err := c.engine.ContainerInspect(ctx, name, client.ContainerInspectOptions{})
	if err != nil {
		return nodeGone(name, err)
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
