package workspaces

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"syscall"

	"cnalab/labs"
)

// errNotFolder is what the system says of order/main.go/x.
var errNotFolder = syscall.ENOTDIR

// errTooMany ends a walk that met more than a workspace may hold.
var errTooMany = errors.New("too many files")

// sumsFile is a file that nobody reads.
const sumsFile = "go.sum"

// Tree lists the files of the workspace by path. Links and the folders of
// other programs are left out, and so is go.sum.
func (c *Workspace) Tree() ([]File, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	root, err := c.root(context.Background())
	if err != nil {
		return nil, err
	}
	defer root.Close()
	starter, err := c.state(context.Background(), 0)
	if err != nil {
		return nil, err
	}
	var files []File
	err = walk(root, func(name string, info fs.FileInfo) error {
		if name != sumsFile {
			_, given := starter[name]
			files = append(files, File{Path: name, Size: info.Size(), Starter: given})
		}
		return nil
	})
	if err != nil {
		return nil, c.unlisted(err)
	}
	return files, nil
}

// walk calls f for each plain file of the workspace, in order of its path.
func walk(root *os.Root, f func(name string, info fs.FileInfo) error) error {
	entries := 0
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name != "." {
			return nil // deleted while we looked
		}
		if err != nil {
			return err
		}
		if entries++; entries > maxFiles {
			return errTooMany
		}
		if own(path.Base(name)) {
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

// room reports a problem where the workspace may not grow by that many bytes.
func (c *Workspace) room(root *os.Root, more int64) error {
	total := max(more, 0)
	err := walk(root, func(_ string, info fs.FileInfo) error {
		total += info.Size()
		return nil
	})
	if err != nil {
		return c.unlisted(err)
	}
	if more > 0 && total > MaxTotal {
		return &labs.Problem{
			Kind: labs.BadInput,
			Say:  "This workspace holds 16 MiB, which is the most it may.",
			Next: fmt.Sprintf("Delete what you do not need from %s.", c.dir),
		}
	}
	return nil
}

func (c *Workspace) unlisted(err error) error {
	if errors.Is(err, errTooMany) {
		return &labs.Problem{
			Kind: labs.BadInput,
			Say:  fmt.Sprintf("This workspace has more than %d files, which is more than a lab needs.", maxFiles),
			Next: fmt.Sprintf("Move what does not belong to the lab out of %s.", c.dir),
			Err:  err,
		}
	}
	return trouble("the workspace was not listed", c.dir, err)
}
