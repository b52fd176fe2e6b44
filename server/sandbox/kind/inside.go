package kind

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// content is what a node's folders and its store of images hold: what is noted
// of a clean node, and taken away beyond that.
type content struct{ files, images []string }

// places are where people's hostPath volumes go, one level deep: the folders
// that a node fills by itself lie deeper.
const places = "/ /tmp /mnt /media /opt /srv /home /root /data /var /var/lib /var/local-path-provisioner /usr /usr/local /etc"

const (
	listFiles  = "find " + places + " -mindepth 1 -maxdepth 1 2>/dev/null; true"
	listImages = "crictl images --quiet"
)

// look lists what the nodes hold, by container.
func (c *cluster) look(ctx context.Context) (map[string]content, error) {
	all := map[string]content{}
	var mu sync.Mutex
	err := c.each(ctx, func(ctx context.Context, name string) error {
		files, err := c.run(ctx, name, "sh", "-c", listFiles)
		if err != nil {
			return err
		}
		images, err := c.run(ctx, name, "sh", "-c", listImages)
		mu.Lock()
		all[name] = content{files: lines(files), images: lines(images)}
		mu.Unlock()
		return err
	})
	return all, err
}

// scour takes away what the nodes hold beyond what was noted.
func (c *cluster) scour(ctx context.Context) error {
	now, err := c.look(ctx)
	if err != nil {
		return err
	}
	return c.each(ctx, func(ctx context.Context, name string) error {
		if extra := beyond(now[name].files, c.inside[name].files); len(extra) > 0 {
			if _, err := c.run(ctx, name, append([]string{"rm", "-rf", "--"}, extra...)...); err != nil {
				return err
			}
		}
		if extra := beyond(now[name].images, c.inside[name].images); len(extra) > 0 {
			if _, err := c.run(ctx, name, append([]string{"crictl", "rmi"}, extra...)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// beyond is what now has and was has not.
func beyond(now, was []string) []string {
	return slices.DeleteFunc(slices.Clone(now), func(s string) bool { return slices.Contains(was, s) })
}

func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

// each does something with every node, side by side.
func (c *cluster) each(ctx context.Context, do func(ctx context.Context, name string) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, name := range c.containers() {
		group.Go(func() error { return do(ctx, name) })
	}
	return group.Wait()
}

// run runs a command in a node and returns what it printed.
func (c *cluster) run(ctx context.Context, name string, command ...string) (string, error) {
	out, err := c.engine.Run(ctx, name, command...)
	if err != nil {
		return "", fmt.Errorf("run %s in %s: %w", command[0], name, err)
	}
	return out, nil
}
