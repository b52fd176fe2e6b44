package workspaces

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"cnalab/labs"
)

// MoveOld moves what earlier versions kept under another name to where the
// workspaces are now, with what was replaced and can be undone. It overwrites
// nothing: what is in both places stays in both.
func (s *Store) MoveOld() error {
	if err := move(s.before, s.dir); err != nil {
		return &labs.Problem{
			Kind: labs.Machine,
			Say:  fmt.Sprintf("Your files could not be moved from %s to %s.", s.before, s.dir),
			Next: "Give yourself access to both folders, and start again; nothing is lost.",
			Err:  err,
		}
	}
	return nil
}

// move renames from to to, or what is in it where to is there already.
func move(from, to string) error {
	entries, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
		return rename(from, to)
	}
	for _, entry := range entries {
		name, at := filepath.Join(from, entry.Name()), filepath.Join(to, entry.Name())
		_, err := os.Lstat(at)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			err = rename(name, at)
		case entry.Name() == historyFolder:
			err = move(name, at)
		}
		if err != nil {
			return err
		}
	}
	_ = os.Remove(from) // where nothing is left in it
	return nil
}

// rename is content where another program of ours was quicker.
func rename(from, to string) error {
	if err := os.Rename(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
