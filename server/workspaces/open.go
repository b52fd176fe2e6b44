package workspaces

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
	"cnalab/server/workspaces/module"
)

// Open makes the workspace where there is none. Where it was made before and is
// gone, it comes back as it was last seen, and Notices has a sentence. Files
// that are there are never overwritten.
func (c *Workspace) Open(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	root, err := c.root(ctx)
	if err != nil {
		return err
	}
	defer root.Close()
	folder.Sweep(root)
	if err := c.refresh(ctx, root); err != nil {
		return folder.Trouble("go.mod was not brought up to date", c.dir, err)
	}
	return c.history.Keep(root)
}

// Notices returns what was mended since it was last called: sentences that
// the learner should read once.
func (c *Workspace) Notices() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	told := c.notices
	c.notices = nil
	return told
}

// root opens the workspace's folder, and makes or mends it first where that
// is needed: ctx is for that alone, and nobody but Open has to wait long, as
// what the go command said is kept. c.mu is held.
func (c *Workspace) root(ctx context.Context) (*os.Root, error) {
	state, err := c.inspect()
	if err != nil {
		return nil, folder.Trouble("your workspace was not opened", c.dir, err)
	}
	if state != whole {
		if err := c.make(ctx, state); err != nil {
			return nil, folder.Trouble("your workspace was not made", filepath.Dir(c.dir), err)
		}
	}
	root, err := os.OpenRoot(c.dir)
	if err != nil {
		return nil, folder.Trouble("your workspace was not opened", c.dir, err)
	}
	return root, nil
}

// condition is what inspect finds of a workspace.
type condition int

const (
	whole   condition = iota // made, and there
	unmade                   // never made, or its making was interrupted
	gone                     // made once, and deleted since
	noGoMod                  // there, but not a module
)

// inspect tells the condition of the workspace, which counts as made once its
// mirror exists, because that is written last.
func (c *Workspace) inspect() (condition, error) {
	begun, err := c.history.Begun()
	if err != nil {
		return 0, err
	}
	if !begun {
		return unmade, nil
	}
	if info, err := os.Lstat(c.dir); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return 0, c.elsewhere()
	}
	entries, err := os.ReadDir(c.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0:
		return gone, nil
	case err != nil:
		return 0, err
	}
	if _, err := os.Stat(filepath.Join(c.dir, "go.mod")); errors.Is(err, fs.ErrNotExist) {
		return noGoMod, nil
	}
	return whole, nil
}

// elsewhere is the problem of a workspace that is a link: what it leads to is
// not ours to read, to write, or to mirror.
func (c *Workspace) elsewhere() error {
	return &labs.Problem{
		Kind: labs.Machine,
		Say:  "The folder of this lab is a link to another one, so it is left alone.",
		Next: fmt.Sprintf("Put the folder itself at %s, or remove the link: your files come back as they were last seen.", c.dir),
	}
}

// make writes what is missing, the starter or the mirror, and never over a
// file that is there.
func (c *Workspace) make(ctx context.Context, found condition) error {
	files, err := c.source(ctx, found)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(c.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if _, err := root.Lstat(name); err == nil {
			continue
		}
		if err := folder.Replace(root, name, files[name]); err != nil {
			return err
		}
	}
	return c.history.Keep(root)
}

// source is what a workspace in that condition is made from.
func (c *Workspace) source(ctx context.Context, found condition) (map[string][]byte, error) {
	switch found {
	case gone:
		files, err := c.history.Mirrored()
		if err == nil && len(files) > 0 {
			c.notices = append(c.notices, "The folder of this lab was gone; it is back as it was last seen.")
			return files, nil
		}
		c.notices = append(c.notices, "The folder of this lab was gone; it is back as the lab gives it to you.")
	case noGoMod:
		c.notices = append(c.notices, "The go.mod of this lab was gone; it is back.")
		return c.moduleState(ctx)
	}
	return c.state(ctx, 0)
}

// refresh takes over the versions of a project that was updated, because
// those are the ones on this machine, unless the learner has changed go.mod.
func (c *Workspace) refresh(ctx context.Context, root *os.Root) error {
	goMod, goSum, err := c.module.Get(ctx)
	if err != nil {
		return err
	}
	now, err := root.ReadFile("go.mod")
	if err != nil || bytes.Equal(now, goMod) {
		return err
	}
	if !module.Untouched(now) {
		return nil
	}
	if err := folder.Replace(root, "go.sum", goSum); err != nil {
		return err
	}
	return folder.Replace(root, "go.mod", goMod)
}

// moduleState is the go.mod and go.sum alone.
func (c *Workspace) moduleState(ctx context.Context) (map[string][]byte, error) {
	goMod, goSum, err := c.module.Get(ctx)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{"go.mod": goMod, "go.sum": goSum}, nil
}

// state is the whole workspace as it is with the starter and the solutions
// of the first steps.
func (c *Workspace) state(ctx context.Context, steps int) (map[string][]byte, error) {
	files, err := c.moduleState(ctx)
	if err != nil {
		return nil, err
	}
	given, err := c.lab.Load().At(steps)
	if err != nil {
		return nil, c.broken(err)
	}
	maps.Copy(files, given)
	return files, nil
}

func (c *Workspace) broken(err error) error {
	return &labs.Problem{
		Kind: labs.Internal,
		Say:  "The lab's own files cannot be read.",
		Next: "Run `labs check " + c.lab.Load().ID + "`; it says which.",
		Err:  err,
	}
}
