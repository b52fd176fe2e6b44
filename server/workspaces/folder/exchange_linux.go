package folder

import (
	"errors"
	"os"
	"path"

	"golang.org/x/sys/unix"
)

// exchange has two files of one folder change places, in one step.
func exchange(root *os.Root, a, b string) error {
	dir, err := root.Open(path.Dir(a))
	if err != nil {
		return err
	}
	fd := int(dir.Fd())
	return errors.Join(unix.Renameat2(fd, path.Base(a), fd, path.Base(b), unix.RENAME_EXCHANGE), dir.Close())
}
