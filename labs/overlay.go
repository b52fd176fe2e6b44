package labs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const (
	// removedFile lists, one a line, what a layer takes away.
	removedFile = "removed.txt"
	// runFile holds the commands a learner would type for a step.
	runFile = "run.sh"
)

// Tree is a workspace's files: slash path below it, to content.
type Tree map[string][]byte

// Overlay is what one solution, or one attempt, changes in a workspace.
type Overlay struct {
	Files   Tree
	Removed []string // slash paths; a folder takes everything in it away
	Run     string   // run.sh: what a learner would type, empty where nothing
}

// Starter returns the files that a learner is given.
func (l *Lab) Starter() (Tree, error) {
	layer, err := ReadOverlay(os.DirFS(filepath.Join(l.Dir, "workspace")))
	if errors.Is(err, fs.ErrNotExist) {
		return Tree{}, nil // a lab whose steps are all typed
	}
	return layer.Files, err
}

// Solution returns what the step's solution changes.
func (l *Lab) Solution(step int) (Overlay, error) {
	layer, err := ReadOverlay(os.DirFS(l.SolutionDir(step)))
	if err != nil {
		return Overlay{}, fmt.Errorf("read the solution of step %d: %w", step, err)
	}
	return layer, nil
}

// SolutionDir is where the step's solution is.
func (l *Lab) SolutionDir(step int) string {
	return filepath.Join(l.Dir, "solution", fmt.Sprintf("%02d", step))
}

// At returns the workspace as it is when the steps up to and including step
// are solved; At(0) is the starter.
func (l *Lab) At(step int) (Tree, error) {
	tree, err := l.Starter()
	if err != nil {
		return nil, fmt.Errorf("read the starter: %w", err)
	}
	for n := 1; n <= step; n++ {
		layer, err := l.Solution(n)
		if err != nil {
			return nil, err
		}
		tree = tree.With(layer)
	}
	return tree, nil
}

// ReadOverlay reads a solution's or an attempt's folder.
func ReadOverlay(dir fs.FS) (Overlay, error) {
	files, err := ReadTree(dir)
	layer := Overlay{Files: files, Removed: removedPaths(string(files[removedFile])), Run: string(files[runFile])}
	delete(files, removedFile)
	delete(files, runFile)
	return layer, err
}

// ReadTree reads a folder's files, and of those it has read where there is an
// error. Only ordinary files are taken: a link could lead out of the folder.
func ReadTree(dir fs.FS) (Tree, error) {
	tree := Tree{}
	err := fs.WalkDir(dir, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := fs.ReadFile(dir, name)
		if err == nil {
			tree[name] = content
		}
		return err
	})
	return tree, err
}

func removedPaths(list string) []string {
	var paths []string
	for line := range strings.Lines(list) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			paths = append(paths, path.Clean(line))
		}
	}
	return paths
}

// With returns the tree with a layer over it; the tree stays as it is.
func (t Tree) With(layer Overlay) Tree {
	over := maps.Clone(t)
	for _, gone := range layer.Removed {
		maps.DeleteFunc(over, func(name string, _ []byte) bool { return within(name, gone) })
	}
	maps.Copy(over, layer.Files)
	return over
}

// Paths lists the files in order.
func (t Tree) Paths() []string { return slices.Sorted(maps.Keys(t)) }

// Write makes the folder hold the tree's files. Files that already hold the
// right bytes are not touched, so that whoever watches sees only changes.
func (t Tree) Write(root *os.Root) error {
	for _, name := range t.Paths() {
		if now, err := root.ReadFile(filepath.FromSlash(name)); err == nil && bytes.Equal(now, t[name]) {
			continue
		}
		if err := writeWhole(root, name, t[name]); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// Prune removes each file below the folder that is not in the tree and that
// keep does not speak for, and the folders that are left empty.
func (t Tree) Prune(root *os.Root, keep func(name string) bool) error {
	var folders []string
	err := fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			folders = append(folders, name)
			return nil
		}
		if _, wanted := t[name]; wanted || keep != nil && keep(name) {
			return nil
		}
		return root.Remove(filepath.FromSlash(name))
	})
	if err != nil {
		return fmt.Errorf("remove what does not belong: %w", err)
	}
	slices.Reverse(folders) // inner ones first
	for _, name := range folders {
		if name != "." {
			root.Remove(filepath.FromSlash(name)) // refused where it is not empty, as it should be
		}
	}
	return nil
}

// writeWhole writes beside the file and renames, so that no reader and no
// crash ever sees half of it.
func writeWhole(root *os.Root, name string, content []byte) error {
	if err := root.MkdirAll(filepath.FromSlash(path.Dir(name)), 0o755); err != nil {
		return err
	}
	beside := filepath.FromSlash(path.Join(path.Dir(name), ".#"+path.Base(name)))
	if err := root.WriteFile(beside, content, 0o644); err != nil {
		return err
	}
	return root.Rename(beside, filepath.FromSlash(name))
}

// Holds reports whether name is one of the tree's files, or a folder of some.
func (t Tree) Holds(name string) bool {
	for file := range t {
		if within(file, name) {
			return true
		}
	}
	return false
}

// within reports whether name is the folder or lies in it.
func within(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}
