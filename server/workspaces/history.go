package workspaces

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"cnalab/labs"
)

// kept is how many changes the history remembers before the oldest goes.
const kept = 200

// moment names a change's folder, so that names sort by time.
const moment = "2006-01-02T15-04-05.000000000Z"

// record is what the history keeps of one change, beside the files that the
// change replaced.
type record struct {
	What    string    `json:"what"` // "the reset of step 3"
	At      time.Time `json:"at"`
	Missing []string  `json:"absent,omitempty"` // files that were not there before
}

// change keeps what is about to be replaced, then makes the files hold the
// texts; nil removes a file. Where that fails half-way, what was there is
// put back.
func (c *Workspace) change(root *os.Root, what string, to map[string][]byte) ([]string, error) {
	before, err := c.differing(root, to)
	if err != nil || len(before) == 0 {
		return nil, err
	}
	changed := slices.Sorted(maps.Keys(before))
	if err := c.remember(what, before); err != nil {
		return nil, trouble("nothing was changed", c.history, err)
	}
	tags := map[string]string{}
	for _, name := range changed {
		if err := set(root, name, to[name]); err != nil {
			for _, name := range changed {
				_ = set(root, name, before[name])
			}
			return nil, trouble(what+" was not done", c.dir, err)
		}
		if tags[name] = ""; to[name] != nil {
			tags[name] = ETag(string(to[name]))
		}
	}
	c.mirror(root, changed...)
	c.saved(tags)
	return changed, nil
}

// differing returns what the files hold now, where that is not what they
// should hold; nil stands for a file that is not there.
func (c *Workspace) differing(root *os.Root, to map[string][]byte) (map[string][]byte, error) {
	before := map[string][]byte{}
	for name, text := range to {
		now, err := root.ReadFile(name)
		switch {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, errNotFolder):
			now = nil
		case err != nil:
			return nil, trouble(name+" was not read", c.dir, err)
		case now == nil:
			now = []byte{}
		}
		if (now == nil) != (text == nil) || !bytes.Equal(now, text) {
			before[name] = now
		}
	}
	return before, nil
}

// set makes a file hold the text, or removes it and the folders it leaves
// empty.
func set(root *os.Root, name string, text []byte) error {
	if text != nil {
		return replace(root, name, text)
	}
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if root.Remove(dir) != nil {
			break // not empty
		}
	}
	return nil
}

// remember writes one change into the history: first below a temporary name,
// so that a change without its files is never met.
func (c *Workspace) remember(what string, before map[string][]byte) error {
	if err := os.MkdirAll(c.history, 0o755); err != nil {
		return err
	}
	history, err := os.OpenRoot(c.history)
	if err != nil {
		return err
	}
	defer history.Close()
	rec := record{What: what, At: time.Now().UTC()}
	name := rec.At.Format(moment)
	making := temporary + name
	for _, file := range slices.Sorted(maps.Keys(before)) {
		if before[file] == nil {
			rec.Missing = append(rec.Missing, file)
			continue
		}
		if err := replace(history, path.Join(making, "files", file), before[file]); err != nil {
			return errors.Join(err, history.RemoveAll(making))
		}
	}
	text, err := json.MarshalIndent(rec, "", "  ")
	if err != nil {
		return err
	}
	if err := replace(history, path.Join(making, "change.json"), text); err != nil {
		return errors.Join(err, history.RemoveAll(making))
	}
	if err := history.Rename(making, name); err != nil {
		return err
	}
	c.forget(history)
	return nil
}

// forget drops the oldest changes and what a crash left unfinished.
func (c *Workspace) forget(history *os.Root) {
	names := c.changes()
	for _, name := range names[:max(0, len(names)-kept)] {
		_ = history.RemoveAll(name)
	}
	unfinished, _ := filepath.Glob(filepath.Join(c.history, temporary+"*"))
	for _, name := range unfinished {
		_ = history.RemoveAll(filepath.Base(name))
	}
}

// changes lists the history's entries, oldest first.
func (c *Workspace) changes() []string {
	entries, _ := os.ReadDir(c.history)
	var names []string
	for _, entry := range entries {
		if _, err := time.Parse(moment, entry.Name()); err == nil && entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names
}

// Last names the change that Undo would take back, such as "the reset of
// step 3"; empty where there is none.
func (c *Workspace) Last() (what string, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rec, _, err := c.last()
	if err != nil {
		return "", time.Time{}
	}
	return rec.What, rec.At
}

// last reads the newest change: what it was, and what it replaced.
func (c *Workspace) last() (record, map[string][]byte, error) {
	names := c.changes()
	if len(names) == 0 {
		return record{}, nil, &labs.Problem{
			Kind: labs.NotFound,
			Say:  "There is nothing to undo in this lab.",
			Next: "A reset, a catch-up or a deletion can be undone once it was done.",
		}
	}
	dir := filepath.Join(c.history, names[len(names)-1])
	var rec record
	text, err := os.ReadFile(filepath.Join(dir, "change.json"))
	if err == nil {
		err = json.Unmarshal(text, &rec)
	}
	if err != nil {
		return record{}, nil, trouble("nothing was undone", dir, err)
	}
	before, err := readAll(filepath.Join(dir, "files"))
	if err != nil {
		return record{}, nil, trouble("nothing was undone", dir, err)
	}
	for _, name := range rec.Missing {
		before[name] = nil
	}
	return rec, before, nil
}

// Undo takes back the last reset, fast-forward or deletion. It is a change of its
// own, so a second Undo takes back the first.
func (c *Workspace) Undo() (Change, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	root, err := c.root(context.Background())
	if err != nil {
		return Change{}, err
	}
	defer root.Close()
	rec, before, err := c.last()
	if err != nil {
		return Change{}, err
	}
	changed, err := c.change(root, "the undoing of "+rec.What, before)
	if err != nil {
		return Change{}, err
	}
	return Change{Say: fmt.Sprintf("Undone: %s.", rec.What), Paths: changed}, nil
}
