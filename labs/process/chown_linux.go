package process

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Chown has what the program may change be its own on the disk, where that one
// cannot show ours as another's. It is called before the program starts, and
// after each change of ours; what the program does meanwhile leads it nowhere
// else.
func (i *Isolation) Chown() error {
	if i == nil || Isolates() != OwnAccount {
		return nil
	}
	var all []error
	for _, path := range real(i.Writes...) {
		if !i.As.shown(path) {
			all = append(all, i.As.chown(path))
		}
	}
	return errors.Join(all...)
}

// shown reports whether the disk shows what is ours there as the user's.
func (s *DynamicUser) shown(path string) bool {
	owners := s.namespace()
	if owners == nil {
		return false
	}
	mount, err := unix.OpenTree(unix.AT_FDCWD, path, unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC)
	if err != nil {
		return false
	}
	defer unix.Close(mount)
	return giveMount(mount, int(owners.Fd())) == nil
}

// chown gives the user a file, or a folder with all that is in it.
func (s *DynamicUser) chown(path string) error {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return errors.Join(err, os.Chown(path, s.UID, s.GID))
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(name string, _ fs.DirEntry, err error) error {
		if err == nil {
			err = root.Lchown(filepath.FromSlash(name), s.UID, s.GID)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // deleted while we looked
		}
		return err
	})
}
