package folder

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// ErrNotFolder is what the system says of order/main.go/x.
var ErrNotFolder = syscall.ENOTDIR

// Read reads no more than a file may hold, even where it grows meanwhile.
func Read(root *os.Root, name string) ([]byte, error) {
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, MaxFile))
}

// ReadAll reads every plain file below a folder of ours; one that is not there
// has none.
func ReadAll(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return files, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	err = Walk(root, func(name string, _ fs.FileInfo) error {
		text, err := root.ReadFile(name)
		files[name] = text
		return err
	})
	return files, err
}
