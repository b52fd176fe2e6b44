// Package library keeps the labs folder as it was read, and reads it again
// after a change. It knows nothing of who asks.
package library

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/labs/translate"
)

// rescan is how often the library looks whether an author has changed a lab.
const rescan = 2 * time.Second

// Library is the labs folder, read once and again after a change.
type Library struct {
	dir string

	mu      sync.Mutex
	looked  time.Time
	seen    uint64 // what the folder looked like when it was read
	all     []*labs.Lab
	broken  error
	hasRead bool
}

// New returns the library of a folder; it reads nothing yet.
func New(dir string) *Library { return &Library{dir: dir} }

// Labs returns the labs in order, and a problem about those that are broken.
func (l *Library) Labs() ([]*labs.Lab, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hasRead && time.Since(l.looked) < rescan {
		return l.all, l.broken
	}
	now := fingerprint(os.DirFS(l.dir))
	l.looked = time.Now()
	if !l.hasRead || now != l.seen {
		l.all, l.broken = load.All(l.dir)
		l.seen, l.hasRead = now, true
	}
	return l.all, l.broken
}

// fingerprint changes whenever a file that package load reads does.
func fingerprint(dir fs.FS) uint64 {
	sum := fnv.New64a()
	for _, pattern := range []string{"*/lab.yaml", "*/steps/*.md", "*/checks/*.go", "*/" + translate.File} {
		names, _ := fs.Glob(dir, pattern) // the pattern is well-formed
		for _, name := range names {
			if info, err := fs.Stat(dir, path.Clean(name)); err == nil {
				fmt.Fprintln(sum, name, info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	return sum.Sum64()
}

// Find returns the lab that a person named. One that is there but broken is
// told from one that is not there, which is labs.NotFound.
func (l *Library) Find(name string) (*labs.Lab, error) {
	all, broken := l.Labs()
	lab, err := labs.Find(all, name)
	if err == nil {
		return lab, nil
	}
	dir, notThere := Folder(l.dir, name)
	if notThere != nil {
		return nil, notThere
	}
	p := &labs.Problem{Kind: labs.BadInput, Err: broken,
		Say:  fmt.Sprintf("Lab %s cannot be read.", filepath.Base(dir)),
		Next: fmt.Sprintf("Run labs check %s, and mend what it lists.", name)}
	_, violations := load.Lab(dir)
	for _, v := range violations {
		p.Detail += v.String() + "\n"
	}
	return nil, p
}
