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

	"cnalab/server/workspaces/folder"
	"cnalab/server/workspaces/history"
)

// change keeps what is about to be replaced, then makes the files hold the
// texts; nil removes a file. Where that fails half-way, what was there is
// put back. undoes names the change that is taken back by it, if any.
func (c *Workspace) change(root *os.Root, what, undoes string, to map[string][]byte) ([]string, error) {
	before, err := c.differing(root, to)
	if err != nil || len(before) == 0 && undoes == "" { // an undo counts, be there nothing left to do
		return nil, err
	}
	changed := slices.Sorted(maps.Keys(before))
	if err := c.history.Remember(what, undoes, before); err != nil {
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

// Last names the changes that Undo and Redo would take back, such as "the reset of
// step 3"; empty where there is none.
func (c *Workspace) Last() (undo, redo string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	undoable, _ := c.history.Undoable()
	redoable, _ := c.history.Redoable()
	return undoable.What, redoable.What
}

// Undo takes back the last reset, fast-forward or deletion, and after that the one
// before it. Nothing is lost by it: it is a change of its own, which Redo takes back.
func (c *Workspace) Undo() (Change, error) {
	return c.takeBack(c.history.Undoable, func(last history.Change) (what, undoes, say string) {
		return "the undoing of " + last.What, last.Name, fmt.Sprintf("This is undone: %s.", last.What)
	})
}

// Redo takes back an Undo that nothing else has come after.
func (c *Workspace) Redo() (Change, error) {
	return c.takeBack(c.history.Redoable, func(last history.Change) (what, undoes, say string) {
		return last.What, "", fmt.Sprintf("This is done again: %s.", last.What)
	})
}

// takeBack makes the files what they were before a change of the history.
func (c *Workspace) takeBack(find func() (history.Change, error), name func(history.Change) (what, undoes, say string)) (Change, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	root, err := c.root(context.Background())
	if err != nil {
		return Change{}, err
	}
	defer root.Close()
	last, err := find()
	if err != nil {
		return Change{}, err
	}
	what, undoes, say := name(last)
	changed, err := c.change(root, what, undoes, last.Before)
	if err != nil {
		return Change{}, err
	}
	return Change{Say: say, Paths: changed}, nil
}
