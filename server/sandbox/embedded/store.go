package embedded

import (
	"context"

	"cnalab/labs/process"
	"cnalab/server/sandbox/fscopy"
)

// folder is the store of a part that keeps all it has in one folder.
type folder struct {
	path    string
	account *process.Account // nil for the server's own account
}

// Snapshot copies the folder.
func (f folder) Snapshot(context.Context) error { return fscopy.Replace(f.path, f.kept(), f.account) }

// Restore puts the copy in its place.
func (f folder) Restore(context.Context) error { return fscopy.Replace(f.kept(), f.path, f.account) }

func (f folder) kept() string { return f.path + "-kept" }
