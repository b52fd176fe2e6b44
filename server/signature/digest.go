package signature

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Digest is the SHA-256 of a file, or of all files in a folder with their names,
// as `sha256:` and hexadecimal digits. A link counts as what it says.
func Digest(path string) (string, error) {
	sum := sha256.New()
	info, err := os.Stat(path)
	switch {
	case err != nil:
	case info.IsDir():
		err = addFolder(sum, path)
	default:
		_, err = addFile(sum, path)
	}
	if err != nil {
		return "", fmt.Errorf("digest: %w", err)
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), nil
}

// addFolder adds the files in the order of their names, each with its size
// first, so that no two folders read the same.
func addFolder(sum io.Writer, dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.Type()&fs.ModeSymlink != 0 {
			to, err := os.Readlink(path)
			fmt.Fprintf(sum, "%s\nlink %s\n", name, to)
			return err
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s\n%d\n", name, info.Size())
		n, err := addFile(sum, path)
		if err == nil && n != info.Size() {
			err = fmt.Errorf("%s was changed meanwhile", name)
		}
		return err
	})
}

func addFile(sum io.Writer, path string) (int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return io.Copy(sum, file)
}
