package workspaces

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"cnalab/labs"
)

// The mirror is a copy of the workspace, as it was last seen. Nobody
// reads it until the workspace's folder is deleted.

func (c *Workspace) mirrorDir() string { return filepath.Join(c.history, "last") }

// goneDir has the files that were deleted behind our back, each as the
// mirror had it.
func (c *Workspace) goneDir() string { return filepath.Join(c.history, "gone") }

// mirror takes the files into the mirror. It may fail without harm: the next
// keep tries again.
func (c *Workspace) mirror(root *os.Root, names ...string) {
	mirror, err := c.openMirror()
	if err != nil {
		slog.Warn("mirror the workspace", "lab", c.lab.Load().ID, "err", err)
		return
	}
	defer mirror.Close()
	for _, name := range names {
		text, err := root.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			text, err = nil, nil
		}
		switch {
		case err != nil:
		case text == nil:
			err = set(mirror, name, nil)
		default:
			err = labs.Tree{name: text}.Write(mirror) // not synced: the workspace is
		}
		if err != nil {
			slog.Warn("mirror a file", "lab", c.lab.Load().ID, "file", name, "err", err)
		}
	}
}

func (c *Workspace) openMirror() (*os.Root, error) {
	if err := os.MkdirAll(c.mirrorDir(), 0o755); err != nil {
		return nil, err
	}
	return os.OpenRoot(c.mirrorDir())
}

// keep makes the mirror agree with the workspace, which an editor on this
// machine may have changed.
func (c *Workspace) keep(root *os.Root) error {
	before, err := readAll(c.mirrorDir())
	if err != nil {
		return trouble("your copy was not backed up", c.history, err)
	}
	var changed []string
	err = walk(root, func(name string, info fs.FileInfo) error {
		old, known := before[name]
		delete(before, name)
		if info.Size() > MaxFile {
			return nil // too large for a workspace, and so for its mirror
		}
		text, err := readFile(root, name)
		if err == nil && (!known || !bytes.Equal(old, text)) {
			changed = append(changed, name)
		}
		return nil
	})
	if err != nil {
		return c.unlisted(err)
	}
	c.putAside(before)
	for name := range before {
		changed = append(changed, name)
	}
	c.mirror(root, changed...)
	return nil
}

// putAside keeps files that are no longer in the workspace: they may have
// been deleted by mistake, or by somebody who is deleting the whole folder.
func (c *Workspace) putAside(files map[string][]byte) {
	if len(files) == 0 || os.MkdirAll(c.goneDir(), 0o755) != nil {
		return
	}
	aside, err := os.OpenRoot(c.goneDir())
	if err != nil {
		return
	}
	defer aside.Close()
	for name, text := range files {
		_ = replace(aside, name, text)
	}
}
