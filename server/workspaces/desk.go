// Package desk keeps the learner's own copy of each lab's workspace: a real
// Go module in a folder of the learner's, which any editor opens and builds
// offline. It creates the copy, reads and writes its files without ever
// leaving the folder, and keeps whatever a reset, a catch-up or a deletion
// replaces, so that it can be undone. It knows nothing of sandboxes, checks
// or pages, nor of who has passed what.
package workspaces

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"

	"cnalab/labs"
)

// Desk is the folder with every lab's copy.
type Store struct {
	dir    string
	module *moduleFiles

	mu     sync.Mutex
	copies map[string]*Workspace // by lab id
}

// New returns the desk in the data folder. root is where the project's own
// go.mod is: copies build with its versions.
func New(data, root string) *Store {
	return &Store{
		dir:    filepath.Join(data, "desk"),
		module: &moduleFiles{root: root, cache: filepath.Join(data, "cache")},
		copies: map[string]*Workspace{},
	}
}

// Lab returns the lab's copy. It touches no file: Copy.Open does.
func (d *Store) Lab(lab *labs.Lab) *Workspace {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.copies[lab.ID]
	if c == nil {
		c = &Workspace{
			dir:     filepath.Join(d.dir, lab.ID),
			history: filepath.Join(d.dir, ".history", lab.ID),
			module:  d.module,
			seen:    map[string]string{},
		}
		d.copies[lab.ID] = c
	}
	c.lab.Store(lab) // an author may have changed it since
	return c
}

// Open makes the lab's copy where there is none, mends it where somebody
// deleted it, and returns its folder.
func (d *Store) Open(ctx context.Context, lab *labs.Lab) (dir string, err error) {
	c := d.Lab(lab)
	return c.Dir(), c.Open(ctx)
}

// Copy is the learner's copy of one lab's workspace. Its methods may be
// called from many goroutines.
type Workspace struct {
	lab     atomic.Pointer[labs.Lab]
	dir     string // the workspace
	history string // what was replaced, and a mirror of the workspace
	module  *moduleFiles

	mu      sync.Mutex
	notices []string          // sentences about what was mended, not yet told
	seen    map[string]string // the tag that each file was last read with
}

// Dir is the absolute path of the copy, where services are built from.
func (c *Workspace) Dir() string { return c.dir }

// File is one entry of the copy's tree.
type File struct {
	Path    string // with slashes, below the workspace
	Size    int64
	Starter bool // the lab came with it
}

// Text is a file's text with the tag that a write must know.
type Text struct {
	Path string
	Text string
	ETag string
}

// Change is what a reset, a catch-up or an undo did.
type Change struct {
	Say   string   // one sentence: "Step 3 is as it was before you started it."
	Paths []string // the files that changed, sorted
}
