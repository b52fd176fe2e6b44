package workspaces

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"cnalab/server/workspaces/folder"
)

// change keeps what is about to be replaced, then makes the files hold the
// texts; nil removes a file. Where that fails half-way, what was there is
// put back.
func (c *Workspace) change(root *os.Root, what string, to map[string][]byte) ([]string, error) {
	before, err := c.differing(root, to)
	if err != nil || len(before) == 0 {
		return nil, err
	}
	changed := slices.Sorted(maps.Keys(before))
	if err := c.history.Remember(what, before); err != nil {
		return nil, folder.Trouble("nothing was changed", c.history.Dir(), err)
	}
	tags := map[string]string{}
	for _, name := range changed {
		if err := folder.Set(root, name, to[name]); err != nil {
			for _, name := range changed {
				_ = folder.Set(root, name, before[name])
			}
			return nil, folder.Trouble(what+" was not done", c.dir, err)
		}
		if tags[name] = ""; to[name] != nil {
			tags[name] = folder.ETag(string(to[name]))
		}
	}
	c.history.Mirror(root, changed...)
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
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, folder.ErrNotFolder):
			now = nil
		case err != nil:
			return nil, folder.Trouble(name+" was not read", c.dir, err)
		case now == nil:
			now = []byte{}
		}
		if (now == nil) != (text == nil) || !bytes.Equal(now, text) {
			before[name] = now
		}
	}
	return before, nil
}

// Last names the change that Undo would take back, such as "the reset of
// step 3"; empty where there is none.
func (c *Workspace) Last() (what string, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rec, _, err := c.history.Last()
	if err != nil {
		return "", time.Time{}
	}
	return rec.What, rec.At
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
	rec, before, err := c.history.Last()
	if err != nil {
		return Change{}, err
	}
	changed, err := c.change(root, "the undoing of "+rec.What, before)
	if err != nil {
		return Change{}, err
	}
	return Change{Say: fmt.Sprintf("This is undone: %s.", rec.What), Paths: changed}, nil
}
