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
	Undoes  string    `json:"undoes,omitempty"` // the name of the change that this one took back
}

// Change is one that can be taken back.
type Change struct {
	What   string            // "the reset of step 3"
	Name   string            // among the changes of this history
	Before map[string][]byte // what it replaced; nil for a file that was not there
}

// Remember writes one change into the history: first below a temporary name,
// so that a change without its files is never met. undoes names the change that it
// takes back; it is empty for any other.
func (h *History) Remember(what, undoes string, before map[string][]byte) error {
	if err := os.MkdirAll(h.dir, 0o755); err != nil {
		return err
	}
	history, err := os.OpenRoot(h.dir)
	if err != nil {
		return err
	}
	defer history.Close()
	rec := Record{What: what, At: time.Now().UTC(), Undoes: undoes}
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

// Undoable is the newest change that nobody has taken back.
func (h *History) Undoable() (Change, error) {
	undone := map[string]bool{}
	names := h.changes()
	for _, name := range slices.Backward(names) {
		rec, err := h.record(name)
		switch {
		case err != nil:
			return Change{}, err
		case rec.Undoes != "":
			undone[rec.Undoes] = true
		case !undone[name]:
			return h.change(name, rec, rec.What)
		}
	}
	return Change{}, &labs.Problem{
		Kind: labs.NotFound,
		Say:  "There is nothing to undo in this lab.",
		Next: "A reset, a catch-up or a deletion can be undone once it was done.",
	}
}

// Redoable is the newest change where it took back another, under the name of that.
func (h *History) Redoable() (Change, error) {
	if names := h.changes(); len(names) > 0 {
		name := names[len(names)-1]
		rec, err := h.record(name)
		if err != nil {
			return Change{}, err
		}
		if rec.Undoes != "" {
			if undone, err := h.record(rec.Undoes); err == nil { // else it is so long ago that it is forgotten
				return h.change(name, rec, undone.What)
			}
		}
	}
	return Change{}, &labs.Problem{
		Kind: labs.NotFound,
		Say:  "There is nothing to redo in this lab.",
		Next: "What was undone can be redone as long as nothing else was reset since.",
	}
}

func (h *History) record(name string) (rec Record, err error) {
	dir := filepath.Join(h.dir, name)
	text, err := os.ReadFile(filepath.Join(dir, "change.json"))
	if err == nil {
		err = json.Unmarshal(text, &rec)
	}
	if err != nil {
		return Record{}, folder.Trouble("nothing was undone", dir, err)
	}
	return rec, nil
}

// change reads what the change of the name has replaced.
func (h *History) change(name string, rec Record, what string) (Change, error) {
	dir := filepath.Join(h.dir, name)
	before, err := folder.ReadAll(filepath.Join(dir, "files"))
	if err != nil {
		return Change{}, folder.Trouble("nothing was undone", dir, err)
	}
	for _, name := range rec.Missing {
		before[name] = nil
	}
	return Change{What: what, Name: name, Before: before}, nil
}
