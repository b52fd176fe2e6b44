package cleanup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Unlock lets us into each folder below the root that a program has closed to
// its owner, who we are. It follows no link.
func Unlock(root *os.Root) error {
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // something that goes on has removed it
		}
		if err != nil || !entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o700 != 0o700 {
			err = root.Chmod(filepath.FromSlash(name), info.Mode().Perm()|0o700)
		}
		return err
	})
}

// removeAll removes a folder with all that is in it, whatever a program has
// closed of it.
func removeAll(path string) error {
	err := os.RemoveAll(path)
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	root, err := os.OpenRoot(path)
	if err == nil {
		err = errors.Join(Unlock(root), root.Close())
	}
	return errors.Join(err, os.RemoveAll(path))
}
