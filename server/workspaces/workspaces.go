// Package workspaces keeps the learner's workspace of each lab: a real Go
// module in a folder of the learner's, which any editor opens and builds
// offline. It creates the folder, reads and writes its files without ever
// leaving it, tells of each change to them, and keeps whatever a reset, a
// fast-forward or a deletion replaces, so that it can be undone. It knows nothing
// of sandboxes, checks or pages, nor of who has passed what. How a file is
// written, what is kept of it, and the go.mod are told in the packages below it.
package workspaces

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"

	"cnalab/labs"
	"cnalab/server/workspaces/history"
	"cnalab/server/workspaces/module"
)

// historyFolder has what was replaced in the workspaces beside it.
const historyFolder = ".history"

// Store is the folder with the workspaces of all labs.
type Store struct {
	dir    string
	before string // where the folder was in earlier versions
	module *module.Files

	mu  sync.Mutex
	all map[string]*Workspace // by lab id
}

// New returns the workspaces in the data folder. root is where the project's
// own go.mod is: workspaces build with its versions.
func New(data, root string) *Store {
	return &Store{
		dir:    filepath.Join(data, "workspaces"),
		before: filepath.Join(data, "desk"),
		module: module.New(root, filepath.Join(data, "cache")),
		all:    map[string]*Workspace{},
	}
}

// Dir is the folder with the workspaces of all labs.
func (s *Store) Dir() string { return s.dir }

// Lab returns the lab's workspace. It touches no file: Workspace.Open does.
func (s *Store) Lab(lab *labs.Lab) *Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.all[lab.ID]
	if c == nil {
		c = &Workspace{
			dir:     filepath.Join(s.dir, lab.ID),
			history: history.New(filepath.Join(s.dir, historyFolder, lab.ID)),
			module:  s.module,
			seen:    map[string]string{},
		}
		s.all[lab.ID] = c
	}
	c.lab.Store(lab) // an author may have changed it since
	return c
}

// Open makes the lab's workspace where there is none, mends it where somebody
// deleted it, and returns its folder.
func (s *Store) Open(ctx context.Context, lab *labs.Lab) (dir string, err error) {
	c := s.Lab(lab)
	return c.Dir(), c.Open(ctx)
}

// Workspace is the learner's files of one lab. Its methods may be called from
// many goroutines.
type Workspace struct {
	lab     atomic.Pointer[labs.Lab]
	dir     string           // the workspace
	history *history.History // what was replaced, and a mirror of the workspace
	module  *module.Files

	mu       sync.Mutex
	notices  []string          // sentences about what was mended, not yet told
	seen     map[string]string // the tag that each file was last read with
	watchers []*watcher
}

// Dir is the absolute path of the workspace, where services are built from.
func (c *Workspace) Dir() string { return c.dir }

// File is one entry of the workspace's tree.
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

// Change is what a reset, a fast-forward or an undo did.
type Change struct {
	Say   string   // one sentence: "Step 3 is as it was before you started it."
	Paths []string // the files that changed, sorted
}
