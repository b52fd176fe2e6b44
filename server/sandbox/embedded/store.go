package embedded

import (
	"context"

	"cnalab/server/sandbox/box"
	"cnalab/server/sandbox/embedded/tree"
)

// folder is the store of a part that keeps all it has in one folder.
type folder string

// Snapshot copies the folder.
func (f folder) Snapshot(context.Context) error { return tree.Replace(string(f), f.kept(), nil) }

// Restore puts the copy in its place.
func (f folder) Restore(context.Context) error { return tree.Replace(f.kept(), string(f), nil) }

func (f folder) kept() string { return string(f) + "-kept" }

// later is a store that is made when the part starts.
type later func() box.Store

// Snapshot is the store's own.
func (l later) Snapshot(ctx context.Context) error { return l().Snapshot(ctx) }

// Restore is the store's own.
func (l later) Restore(ctx context.Context) error { return l().Restore(ctx) }
