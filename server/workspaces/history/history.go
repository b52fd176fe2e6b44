// Package history keeps what a change replaces in a folder of a learner's, so
// that it can be undone, and a mirror of the folder, in case it is deleted. It
// knows the folder and one of its own beside it, and neither labs nor steps.
package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// kept is how many changes the history remembers before the oldest goes.
const kept = 200

// numbered names a change's folder, so that names sort by the order of the
// changes: a clock may go back. Those of earlier versions are named by the time,
// and sort before them.
const (
	numbered = "change-%09d"
	moment   = "2006-01-02T15-04-05.000000000Z"
)

// History is the folder with what was replaced in one workspace, and a copy of
// the workspace as it was last seen.
type History struct{ dir string }

// New returns the history in a folder; it touches nothing yet.
func New(dir string) *History { return &History{dir} }

// Dir is the folder.
func (h *History) Dir() string { return h.dir }

// Record is what the history keeps of one change, beside the files that the
// change replaced.
type Record struct {
	What    string    `json:"what"` // "the reset of step 3"
	At      time.Time `json:"at"`
	Missing []string  `json:"absent,omitempty"` // files that were not there before
}

// Remember writes one change into the history: first below a temporary name,
// so that a change without its files is never met.
func (h *History) Remember(what string, before map[string][]byte) error {
	if err := os.MkdirAll(h.dir, 0o755); err != nil {
		return err
	}
	history, err := os.OpenRoot(h.dir)
	if err != nil {
		return err
	}
	defer history.Close()
	rec := Record{What: what, At: time.Now().UTC()}
	making := folder.Temporary + "change"
	if err := history.RemoveAll(making); err != nil {
		return err
	}
	for _, file := range slices.Sorted(maps.Keys(before)) {
		if before[file] == nil {
			rec.Missing = append(rec.Missing, file)
			continue
		}
		if err := folder.Replace(history, path.Join(making, "files", file), before[file]); err != nil {
			return errors.Join(err, history.RemoveAll(making))
		}
	}
	text, err := json.MarshalIndent(rec, "", "  ")
	if err != nil {
		return err
	}
	if err := folder.Replace(history, path.Join(making, "change.json"), text); err != nil {
		return errors.Join(err, history.RemoveAll(making))
	}
	for n := h.number() + 1; ; n++ {
		err := history.Rename(making, fmt.Sprintf(numbered, n))
		if errors.Is(err, os.ErrExist) {
			continue // another program has just made it
		}
		if err == nil {
			h.forget(history)
		}
		return err
	}
}

// number is the newest change's, and 0 where none has one.
func (h *History) number() (n int) {
	if names := h.changes(); len(names) > 0 {
		_, _ = fmt.Sscanf(names[len(names)-1], numbered, &n) // one of an earlier version has none
	}
	return n
}

// forget drops the oldest changes and what a crash left unfinished.
func (h *History) forget(history *os.Root) {
	names := h.changes()
	for _, name := range names[:max(0, len(names)-kept)] {
		_ = history.RemoveAll(name)
	}
	unfinished, _ := filepath.Glob(filepath.Join(h.dir, folder.Temporary+"*"))
	for _, name := range unfinished {
		_ = history.RemoveAll(filepath.Base(name))
	}
}

// changes lists the history's entries, oldest first.
func (h *History) changes() []string {
	entries, _ := os.ReadDir(h.dir)
	var names []string
	for _, entry := range entries {
		if entry.IsDir() && isChange(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return names
}

func isChange(name string) bool {
	n := 0
	if _, err := fmt.Sscanf(name, numbered, &n); err == nil {
		return true
	}
	_, err := time.Parse(moment, name)
	return err == nil
}

// Last reads the newest change: what it was, and what it replaced.
func (h *History) Last() (Record, map[string][]byte, error) {
	names := h.changes()
	if len(names) == 0 {
		return Record{}, nil, &labs.Problem{
			Kind: labs.NotFound,
			Say:  "There is nothing to undo in this lab.",
			Next: "A reset, a catch-up or a deletion can be undone once it was done.",
		}
	}
	dir := filepath.Join(h.dir, names[len(names)-1])
	var rec Record
	text, err := os.ReadFile(filepath.Join(dir, "change.json"))
	if err == nil {
		err = json.Unmarshal(text, &rec)
	}
	if err != nil {
		return Record{}, nil, folder.Trouble("nothing was undone", dir, err)
	}
	before, err := folder.ReadAll(filepath.Join(dir, "files"))
	if err != nil {
		return Record{}, nil, folder.Trouble("nothing was undone", dir, err)
	}
	for _, name := range rec.Missing {
		before[name] = nil
	}
	return rec, before, nil
}
