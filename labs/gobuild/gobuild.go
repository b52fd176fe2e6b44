// Package gobuild runs the go command, and keeps the programs and test
// binaries that it builds by what went into them: where nothing changed,
// nothing is run, and what several ask for at the same time is built once. One
// that is not what was built is built again. It knows nothing of what a binary
// does, and not who runs it.
package gobuild

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"

	"golang.org/x/sync/singleflight"

	"cnalab/labs/cache"
)

// Binary is where the result of a build is kept.
type Binary struct {
	Path string // its name has a key of all that went into it
	Kind string // matches the names of those that it replaces in time, as filepath.Match does
	Keep int    // how many of its kind stay; the ones longest unused go
}

// Group builds what is not kept yet, the same binary once at a time. The zero
// Group is ready, and may be used by many goroutines.
type Group struct{ flights singleflight.Group }

// Build returns when the binary is there. Where it is not kept from before,
// build makes it at the path that it is given, and has to end when ctx does.
// Who asks while another caller's build of the binary runs shares its result,
// and builds itself where that caller gave up.
func (g *Group) Build(ctx context.Context, b Binary, build func(draft string) error) error {
	for {
		var ours atomic.Bool
		flight := g.flights.DoChan(b.Path, func() (any, error) {
			ours.Store(true)
			return nil, b.make(ctx, build)
		})
		select {
		case done := <-flight:
			if ours.Load() || ctx.Err() != nil || !gaveUp(done.Err) {
				return done.Err
			}
		case <-ctx.Done():
			if ours.Load() {
				return (<-flight).Err // it ends now, and has cleaned up then
			}
			return ctx.Err()
		}
	}
}

func gaveUp(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// make builds beside the binary's place and renames, so that whoever finds it
// finds all of it.
func (b Binary) make(ctx context.Context, build func(draft string) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if cache.Kept(b.Path) {
		return nil
	}
	dir := filepath.Dir(b.Path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	draft := filepath.Join(dir, ".draft-"+rand.Text()+suffix)
	defer os.Remove(draft)
	if err := build(draft); err != nil {
		return err
	}
	if err := cache.Keep(draft, b.Path); err != nil {
		return err
	}
	// A running program's file is let go of by the system when it ends; where
	// that is not so, it cannot be removed.
	cache.Prune(dir, b.Kind, b.Keep, b.Path)
	return nil
}
