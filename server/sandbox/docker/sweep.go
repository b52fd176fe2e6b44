package docker

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"

	"cnalab/server/sandbox/cleanup"
)

// sweepLimit bounds one sweep.
const sweepLimit = time.Minute

// Sweep removes what programs that are gone have left in the engine. Where
// there is no engine there is nothing to sweep.
func Sweep(ctx context.Context) error {
	e, err := connect(ctx)
	if err != nil {
		return nil
	}
	defer e.Close()
	return e.sweep(ctx)
}

func (e *docker) sweep(ctx context.Context) error {
	return e.remove(ctx, client.Filters{}.Add("label", labelSandbox), cleanup.OwnerGone)
}

// end removes everything of one sandbox.
func (e *docker) end(ctx context.Context, record string) error {
	return e.remove(ctx, client.Filters{}.Add("label", labelSandbox+"="+record), func(map[string]string) bool { return true })
}

// remove takes away what the filter finds and is says yes to: containers
// first, then what they held.
func (e *docker) remove(ctx context.Context, filter client.Filters, is func(labels map[string]string) bool) error {
	ctx, cancel := context.WithTimeout(ctx, sweepLimit)
	defer cancel()
	var errs []error
	for _, kind := range []func(context.Context, client.Filters, func(map[string]string) bool) ([]func() error, error){
		e.containers, e.networks, e.volumes, e.images,
	} {
		removals, err := kind(ctx, filter, is)
		errs = append(append(errs, err), together(removals)...)
	}
	return errors.Join(errs...)
}

// together runs the removals side by side. What is gone already, or on its
// way, is no error.
func together(removals []func() error) []error {
	errs := make([]error, len(removals))
	var all sync.WaitGroup
	for i, remove := range removals {
		all.Go(func() { errs[i] = remove() })
	}
	all.Wait()
	return slices.DeleteFunc(errs, func(err error) bool { return errdefs.IsNotFound(err) || errdefs.IsConflict(err) })
}

func (e *docker) containers(ctx context.Context, filter client.Filters, is func(map[string]string) bool) (removals []func() error, err error) {
	found, err := e.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: filter})
	for _, c := range found.Items {
		if is(c.Labels) {
			removals = append(removals, func() error {
				_, err := e.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
				return err
			})
		}
	}
	return removals, err
}

func (e *docker) networks(ctx context.Context, filter client.Filters, is func(map[string]string) bool) (removals []func() error, err error) {
	found, err := e.NetworkList(ctx, client.NetworkListOptions{Filters: filter})
	for _, n := range found.Items {
		if is(n.Labels) {
			removals = append(removals, func() error {
				_, err := e.NetworkRemove(ctx, n.ID, client.NetworkRemoveOptions{})
				return err
			})
		}
	}
	return removals, err
}

func (e *docker) volumes(ctx context.Context, filter client.Filters, is func(map[string]string) bool) (removals []func() error, err error) {
	found, err := e.VolumeList(ctx, client.VolumeListOptions{Filters: filter})
	for _, v := range found.Items {
		if is(v.Labels) {
			removals = append(removals, func() error {
				_, err := e.VolumeRemove(ctx, v.Name, client.VolumeRemoveOptions{Force: true})
				return err
			})
		}
	}
	return removals, err
}

func (e *docker) images(ctx context.Context, filter client.Filters, is func(map[string]string) bool) (removals []func() error, err error) {
	found, err := e.ImageList(ctx, client.ImageListOptions{Filters: filter})
	for tries := 0; tries < 3 && err != nil && ctx.Err() == nil; tries++ { // another image went while the engine listed them
		found, err = e.ImageList(ctx, client.ImageListOptions{Filters: filter})
	}
	for _, i := range found.Items {
		if is(i.Labels) {
			removals = append(removals, func() error {
				_, err := e.ImageRemove(ctx, i.ID, client.ImageRemoveOptions{Force: true, PruneChildren: true})
				if err == nil {
					return nil
				}
				if _, gone := e.ImageInspect(ctx, i.ID); errdefs.IsNotFound(gone) {
					return nil // another sweep was quicker, which the engine does not call "not found"
				}
				return err
			})
		}
	}
	return removals, err
}
