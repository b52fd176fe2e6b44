// Package cleanup sees to it that nothing of a sandbox outlives the program
// that opened it, however that program ends. A record names what a sandbox has
// on this machine, owner labels name the program on what it has in an engine,
// and the reaper waits for the program's end and sweeps; reserved ports are
// addresses that nobody else is given meanwhile. It knows nothing of what the
// processes do, nothing of engines, and not who listens on a port.
package cleanup

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"cnalab/labs/process"
)

// Record is a file that names the processes and folders of one sandbox while
// it lives, so that they can be found when this program is gone without
// having cleaned up.
type Record struct {
	id     string
	file   *os.File
	starts atomic.Int64

	mu      sync.Mutex
	folders []string // as in the file, which may be deleted under us
}

// entry is one line of a record's file.
type entry struct {
	Owner   *process.Identity `json:"owner,omitempty"`   // the program that cleans up
	Folder  string            `json:"folder,omitempty"`  // to be removed
	Process *process.Identity `json:"process,omitempty"` // to be ended
}

const suffix = ".record"

// NewRecord writes a record into the folder.
func NewRecord(folder string) (*Record, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("write cleanup record: %w", err)
	}
	id := strings.ToLower(rand.Text()[:10])
	path := filepath.Join(folder, id+suffix)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write cleanup record: %w", err)
	}
	r := &Record{id: id, file: file}
	self := process.Identify(os.Getpid())
	return r, r.write(entry{Owner: &self})
}

// ID names the record; no two are the same.
func (r *Record) ID() string { return r.id }

// Folder makes a folder that is removed when the record ends.
func (r *Record) Folder(path string, mode os.FileMode) error {
	if err := r.write(entry{Folder: path}); err != nil {
		return err
	}
	r.mu.Lock()
	r.folders = append(r.folders, path)
	r.mu.Unlock()
	return os.MkdirAll(path, mode)
}

// Started writes down a process.
func (r *Record) Started(id process.Identity) error { return r.write(entry{Process: &id}) }

// EnvTag is for one start below the record: what descends from it bears it in
// its environment. No two are the same.
func (r *Record) EnvTag() string {
	return envTag(r.id) + strconv.FormatInt(r.starts.Add(1), 10) + "/"
}

// End removes the record's folders and the record. Its processes have to be
// gone before.
func (r *Record) End() error {
	r.file.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	return remove(r.file.Name(), r.folders, func(string) {})
}

// write adds one line in one call, so that a kill leaves whole lines.
func (r *Record) write(e entry) error {
	line, err := json.Marshal(e)
	if err == nil {
		_, err = r.file.Write(append(line, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write cleanup record: %w", err)
	}
	return nil
}

// envTag is how the environment tags of all starts below a record begin.
func envTag(id string) string { return "CNALAB_PROCESS=" + id + "/" }
