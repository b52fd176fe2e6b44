// Package lease writes down what a sandbox has on this machine, processes and
// folders, in a file that outlives this program: what is left after a kill -9
// is found by it. It knows nothing of what the processes do.
package lease

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cnalab/labs/process"
)

// Lease is a file that names the processes and folders of one sandbox while
// it lives, so that they can be found when this program is gone without
// having cleaned up.
type Record struct {
	id     string
	file   *os.File
	starts atomic.Int64

	mu      sync.Mutex
	folders []string // as in the file, which may be deleted under us
}

// note is one line of a lease's file.
type note struct {
	Owner   *process.Identity `json:"owner,omitempty"`   // the program that cleans up
	Folder  string            `json:"folder,omitempty"`  // to be removed
	Process *process.Identity `json:"process,omitempty"` // to be ended
}

const suffix = ".lease"

// markName is the variable that tells which lease, and which start below it, a
// process descends from.
const envTagName = "CNALAB_PROCESS"

// New writes a lease into the folder.
func New(folder string) (*Record, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("write lease: %w", err)
	}
	id := strings.ToLower(rand.Text()[:10])
	path := filepath.Join(folder, id+suffix)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write lease: %w", err)
	}
	l := &Record{id: id, file: file}
	self := process.Identify(os.Getpid())
	return l, l.write(note{Owner: &self})
}

// ID names the lease; no two are the same.
func (l *Record) ID() string { return l.id }

// Folder makes a folder that goes when the lease ends.
func (l *Record) Folder(path string, mode os.FileMode) error {
	if err := l.write(note{Folder: path}); err != nil {
		return err
	}
	l.mu.Lock()
	l.folders = append(l.folders, path)
	l.mu.Unlock()
	return os.MkdirAll(path, mode)
}

// End removes the lease's folders and the lease. Its processes have to be
// gone before.
func (l *Record) End() error {
	l.file.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	return clear(l.file.Name(), l.folders, func(string) {})
}

// Mark is for one start below the lease: what descends from it bears it in
// its environment. No two are the same.
func (l *Record) EnvTag() string {
	return envTag(l.id) + strconv.FormatInt(l.starts.Add(1), 10) + "/"
}

// marks is how the marks of all starts below a lease begin.
func envTag(id string) string { return envTagName + "=" + id + "/" }

// Started writes down a process.
func (l *Record) Started(id process.Identity) error { return l.write(note{Process: &id}) }

// write adds one line in one call, so that a kill leaves whole lines.
func (l *Record) write(n note) error {
	line, err := json.Marshal(n)
	if err == nil {
		_, err = l.file.Write(append(line, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write lease: %w", err)
	}
	return nil
}

// Sweep ends what programs that are gone have left behind: it reads the
// folder's leases, ends the processes and removes the folders of each whose
// owner no longer runs. before is called with each folder ahead of that.
func Sweep(folder string, before func(folder string)) error {
	files, err := filepath.Glob(filepath.Join(folder, "*"+suffix))
	var all []error
	for _, file := range files {
		owner, left := read(file)
		if owner.Alive() || owner.PID == 0 && fresh(file) {
			continue
		}
		left.Kill()
		all = append(all, clear(file, folders(file), before))
	}
	return errors.Join(append(all, err)...)
}

// Held reports whether the lease with that ID, below the folder, has an owner
// who still runs.
func Held(folder, id string) bool {
	file := filepath.Join(folder, id+suffix)
	if _, err := os.Stat(file); os.IsNotExist(err) {
		return false
	}
	owner, _ := read(file)
	return owner.Alive() || owner.PID == 0 && fresh(file)
}

// fresh reports whether a lease is so new that its owner may be about to be
// written.
func fresh(file string) bool {
	info, err := os.Stat(file)
	return err != nil || time.Since(info.ModTime()) < time.Minute
}

// folders are those that a lease names.
func folders(file string) (all []string) {
	for n := range notes(file) {
		if n.Folder != "" {
			all = append(all, n.Folder)
		}
	}
	return all
}

// clear removes a lease's folders, and last the lease itself.
func clear(file string, folders []string, before func(string)) error {
	for _, folder := range folders {
		before(folder)
		if err := os.RemoveAll(folder); err != nil {
			return fmt.Errorf("remove sandbox: %w", err)
		}
	}
	if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("remove lease: %w", err)
	}
	return nil
}

// read returns who has the lease, and what there may be of its processes: those
// that are written down, and what bears its mark or works in its folders.
func read(file string) (owner process.Identity, left *process.Tree) {
	left = &process.Tree{EnvTag: envTag(strings.TrimSuffix(filepath.Base(file), suffix))}
	for n := range notes(file) {
		if n.Owner != nil {
			owner = *n.Owner
		}
		if n.Folder != "" {
			left.Homes = append(left.Homes, n.Folder)
		}
		if n.Process != nil && n.Process.Alive() { // a number may be another's by now
			left.Roots = append(left.Roots, *n.Process)
		}
	}
	return owner, left
}

func notes(file string) func(yield func(note) bool) {
	return func(yield func(note) bool) {
		f, err := os.Open(file)
		if err != nil {
			return
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var n note
			if json.Unmarshal(lines.Bytes(), &n) == nil && !yield(n) {
				return
			}
		}
	}
}
