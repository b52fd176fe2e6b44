package handin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cnalab/labs"
	"cnalab/server/workspaces/module"
)

// deepest is how many folders deep the work may lie, zips counted with the one
// folder in them.
const deepest = 6

// Finder finds a lab's work in what a grader was given.
type Finder struct {
	Lab    *labs.Lab
	All    []*labs.Lab                                                // the others are told by their files
	Module func(ctx context.Context) (goMod, goSum []byte, err error) // what a workspace has where nobody changed it
	Temp   string                                                     // a new folder, without links above it, for what is unpacked
}

// Work is a lab's work as it can be checked.
type Work struct {
	Dir   string   // the workspace
	Steps []Step   // what was done, in order; none where the files are all
	Notes []string // what was not as it should be, and was mended: a sentence each
}

// Open finds the work in a folder or a zip. A folder that is one already is
// checked where it is; in all other cases a copy is. An error is a sentence for
// the grader.
func (f Finder) Open(ctx context.Context, given string) (*Work, error) {
	work := &Work{}
	return work, f.find(ctx, work, given)
}

func (f Finder) find(ctx context.Context, work *Work, given string) error {
	dir, err := f.locate(given)
	if err != nil {
		return err
	}
	if where := f.inside(given, dir); strings.Contains(where, "/") {
		work.Notes = append(work.Notes, fmt.Sprintf("The work was found in %s.", where))
	}
	if err := f.ours(given, dir); err != nil {
		return err
	}
	if work.Steps, err = readRecord(filepath.Join(dir, Folder)); err != nil {
		return refuse("%s has a record of what was done that cannot be read: %v.", filepath.Base(given), err)
	}
	if dir == given && len(work.Steps) == 0 && has(dir, "go.mod") {
		work.Dir = dir
		return nil
	}
	return f.copy(ctx, work, dir)
}

// inside says where the work was, in the grader's words. It has a slash where
// that is deeper than a hand-in has it.
func (f Finder) inside(given, dir string) string {
	if name, err := filepath.Rel(given, dir); err == nil && filepath.IsLocal(name) {
		return filepath.ToSlash(filepath.Join(filepath.Base(given), name))
	}
	name, _ := filepath.Rel(f.Temp, dir)
	_, name, _ = strings.Cut(filepath.ToSlash(name), "/")
	return name
}

// locate goes down from what was given to the folder that is a workspace: into a
// zip, into a zip in it, and through folders that hold nothing but one other.
func (f Finder) locate(given string) (string, error) {
	at, zips := given, 0
	for range deepest {
		info, err := os.Stat(at)
		if err != nil {
			return "", err
		}
		if !info.IsDir() {
			if zips++; zips > 2 {
				break
			}
			to := filepath.Join(f.Temp, fmt.Sprintf("zip-%d", zips))
			if err := os.Mkdir(to, 0o700); err != nil {
				return "", err
			}
			if err := unzip(at, to); err != nil {
				return "", err
			}
			at = to
		}
		inner, ok := onlyEntry(at)
		if f.known(at) || !ok {
			return at, nil
		}
		at = inner
	}
	return "", refuse("%s holds folders and zips within each other, and no work of lab %s in them.", filepath.Base(given), f.Lab.Number)
}

// onlyEntry is the one folder or zip that a folder holds, if it holds nothing else.
func onlyEntry(dir string) (path string, ok bool) {
	entries := visible(dir)
	if len(entries) != 1 || !entries[0].IsDir() && !strings.EqualFold(filepath.Ext(entries[0].Name()), ".zip") {
		return "", false
	}
	return filepath.Join(dir, entries[0].Name()), true
}

// visible are a folder's entries but for what systems put there, and links.
func visible(dir string) []fs.DirEntry {
	entries, _ := os.ReadDir(dir)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return junk(e.Name()) || !e.IsDir() && !e.Type().IsRegular() })
}

// known reports whether a folder is a workspace.
func (f Finder) known(dir string) bool {
	return has(dir, "go.mod") || has(dir, receiptFile) || count(dir, paths(f.Lab)) > 0
}

func has(dir, name string) bool {
	info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
	return err == nil && info.Mode().IsRegular()
}

func count(dir string, names []string) (n int) {
	for _, name := range names {
		if has(dir, name) {
			n++
		}
	}
	return n
}

// readRecord reads what was done; a folder without a record has none.
func readRecord(dir string) ([]Step, error) {
	root, err := os.OpenRoot(dir) // which follows no link out of it
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return ReadSteps(root.FS())
}

// copy makes the work a workspace of its own, with the module files that a
// workspace has.
func (f Finder) copy(ctx context.Context, work *Work, dir string) error {
	found, err := collect(dir, Folder, receiptFile)
	if err != nil {
		return labs.AsProblem(err)
	}
	if found.files["go.mod"] == nil {
		work.Notes = append(work.Notes, "It has no go.mod; the lab's own is used.")
	}
	if err := f.ownModule(ctx, found.files); err != nil {
		return err
	}
	for _, step := range work.Steps {
		if step.Files != nil {
			if err := f.ownModule(ctx, step.Files); err != nil {
				return err
			}
		}
	}
	work.Dir = filepath.Join(f.Temp, "workspace")
	if err := os.Mkdir(work.Dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(work.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return found.files.Write(root)
}

// ownModule gives files the module files that a workspace has on this machine,
// where the learner has changed none.
func (f Finder) ownModule(ctx context.Context, files labs.Tree) error {
	if goMod := files["go.mod"]; goMod != nil && !module.Untouched(goMod) {
		return nil
	}
	goMod, goSum, err := f.Module(ctx)
	if err == nil {
		files["go.mod"], files["go.sum"] = goMod, goSum
	}
	return err
}

// receiptOf is a hand-in's receipt; nil where there is none that can be read.
func receiptOf(dir string) *Receipt {
	if !has(dir, receiptFile) {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(dir, receiptFile))
	r := new(Receipt)
	if err != nil || json.Unmarshal(text, r) != nil {
		return nil
	}
	return r
}
