package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"cnalab/labs"
)

// errTooMany ends a walk that met more than a workspace may hold.
var errTooMany = errors.New("too many files")

// Walk calls f for each plain file of the folder, in order of its path.
func Walk(root *os.Root, f func(name string, info fs.FileInfo) error) error {
	entries := 0
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name != "." {
			return nil // deleted while we looked
		}
		if err != nil {
			return err
		}
		if entries++; entries > MaxFiles {
			return errTooMany
		}
		if Own(path.Base(name)) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() {
			return nil
		}
		return f(name, info)
	})
}

// Unlisted turns an error of Walk into a problem.
func Unlisted(dir string, err error) error {
	if errors.Is(err, errTooMany) {
		return &labs.Problem{
			Kind: labs.BadInput,
			Say:  fmt.Sprintf("This workspace has more than %d files, which is more than a lab needs.", MaxFiles),
			Next: fmt.Sprintf("Move what does not belong to the lab out of %s.", dir),
			Err:  err,
		}
	}
	return Trouble("the workspace was not listed", dir, err)
}
