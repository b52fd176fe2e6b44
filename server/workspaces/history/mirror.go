package history

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// The mirror is a copy of the workspace, as it was last seen. Nobody
// reads it until the workspace's folder is deleted.

func (h *History) mirrorDir() string { return filepath.Join(h.dir, "last") }

// goneDir has the files that were deleted behind our back, each as the
// mirror had it.
func (h *History) goneDir() string { return filepath.Join(h.dir, "gone") }

// Mirror takes the files into the mirror. It may fail without harm: the next
// Keep tries again.
func (h *History) Mirror(root *os.Root, names ...string) {
	mirror, err := h.openMirror()
	if err != nil {
		slog.Warn("mirror the workspace", "lab", filepath.Base(h.dir), "err", err)
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
			err = folder.Set(mirror, name, nil)
		default:
			err = labs.Tree{name: text}.Write(mirror) // not synced: the workspace is
		}
		if err != nil {
			slog.Warn("mirror a file", "lab", filepath.Base(h.dir), "file", name, "err", err)
		}
	}
}

// Mirrored is the workspace as it was last seen; nothing where it never was.
func (h *History) Mirrored() (map[string][]byte, error) { return folder.ReadAll(h.mirrorDir()) }

// Begun reports whether the workspace was ever seen as a whole.
func (h *History) Begun() (bool, error) {
	_, err := os.Stat(h.mirrorDir())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (h *History) openMirror() (*os.Root, error) {
	if err := os.MkdirAll(h.mirrorDir(), 0o755); err != nil {
		return nil, err
	}
	return os.OpenRoot(h.mirrorDir())
}

// Keep makes the mirror agree with the workspace, which an editor on this
// machine may have changed.
func (h *History) Keep(root *os.Root) error {
	before, err := folder.ReadAll(h.mirrorDir())
	if err != nil {
		return folder.Trouble("your workspace was not backed up", h.dir, err)
	}
	var changed []string
	err = folder.Walk(root, func(name string, info fs.FileInfo) error {
		old, known := before[name]
		delete(before, name)
		if info.Size() > folder.MaxFile {
			return nil // too large for a workspace, and so for its mirror
		}
		text, err := folder.Read(root, name)
		if err == nil && (!known || !bytes.Equal(old, text)) {
			changed = append(changed, name)
		}
		return nil
	})
	if err != nil {
		return folder.Unlisted(root.Name(), err)
	}
	h.putAside(before)
	for name := range before {
		changed = append(changed, name)
	}
	h.Mirror(root, changed...)
	return nil
}

// putAside keeps files that are no longer in the workspace: they may have
// been deleted by mistake, or by somebody who is deleting the whole folder.
func (h *History) putAside(files map[string][]byte) {
	if len(files) == 0 || os.MkdirAll(h.goneDir(), 0o755) != nil {
		return
	}
	aside, err := os.OpenRoot(h.goneDir())
	if err != nil {
		return
	}
	defer aside.Close()
	for name, text := range files {
		_ = folder.Replace(aside, name, text)
	}
}
