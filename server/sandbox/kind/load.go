package kind

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"
	kindcluster "sigs.k8s.io/kind/pkg/cluster"
	"sigs.k8s.io/kind/pkg/cluster/nodeutils"

	"cnalab/labs"
	"cnalab/server/sandbox/engine"
)

// load brings images of the engine into every node, each only where the nodes
// do not have that very one.
func (c *cluster) load(ctx context.Context, names []string) error {
	var missing []string
	ids := map[string]string{}
	for _, name := range names {
		found, err := c.engine.ImageInspect(ctx, name)
		if err != nil {
			return fmt.Errorf("inspect image %s: %w", name, engine.Translate(err))
		}
		if ids[name] = found.ID; c.loaded[name] != found.ID {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	archive := filepath.Join(c.folder, "images.tar")
	defer os.Remove(archive)
	if err := c.save(ctx, missing, archive); err != nil {
		return fmt.Errorf("save images: %w", engine.Translate(err))
	}
	err := c.each(ctx, func(ctx context.Context, name string) error {
		if err := c.waitContainerd(ctx, name); err != nil {
			return err
		}
		return c.importInto(name, archive)
	})
	if err != nil {
		return fmt.Errorf("load images: %w", engine.Translate(err))
	}
	for _, name := range missing {
		c.loaded[name] = ids[name]
	}
	return ctx.Err()
}

// waitContainerd waits until a node that has just been started takes images.
func (c *cluster) waitContainerd(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for {
		_, err := c.engine.Run(ctx, name, "ctr", "version")
		if err == nil {
			return nil
		}
		if _, ok := errors.AsType[*labs.Problem](err); ok {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (c *cluster) save(ctx context.Context, names []string, path string) error {
	stream, err := c.engine.ImageSave(ctx, names)
	if err != nil {
		return err
	}
	defer stream.Close()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, stream)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}

func (c *cluster) importInto(name, path string) error {
	nodes, err := kindcluster.NewProvider(kindcluster.ProviderWithDocker()).ListNodes(c.name)
	if err != nil {
		return err
	}
	for _, node := range nodes {
		if node.String() != name {
			continue
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		return nodeutils.LoadImageArchive(node, file)
	}
	return nodeGone(name, nil)
}

// stale reports whether the engine has other images by these names than the
// nodes do.
func (c *cluster) stale(ctx context.Context, names []string) bool {
	for _, name := range names {
		found, err := c.engine.ImageInspect(ctx, name)
		if err != nil || c.loaded[name] != found.ID {
			return true
		}
	}
	return false
}

// each does something with every node, side by side.
func (c *cluster) each(ctx context.Context, do func(ctx context.Context, name string) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, name := range c.containers() {
		group.Go(func() error { return do(ctx, name) })
	}
	return group.Wait()
}
