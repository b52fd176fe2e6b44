package workspaces

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

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
	err = folder.Walk(root, func(name string, info fs.FileInfo) error {
		if name != sumsFile {
			_, given := starter[name]
			files = append(files, File{Path: name, Size: info.Size(), Starter: given})
		}
		return nil
	})
	if err != nil {
		return nil, folder.Unlisted(c.dir, err)
	}
	return files, nil
}

// room reports a problem where the workspace may not grow by that many bytes.
func (c *Workspace) room(root *os.Root, more int64) error {
	total := max(more, 0)
	err := folder.Walk(root, func(_ string, info fs.FileInfo) error {
		total += info.Size()
		return nil
	})
	if err != nil {
		return folder.Unlisted(c.dir, err)
	}
	if more > 0 && total > folder.MaxTotal {
		return &labs.Problem{
			Kind: labs.BadInput,
			Say:  "This workspace holds 16 MiB, which is the most it may.",
			Next: fmt.Sprintf("Delete what you do not need from %s.", c.dir),
		}
	}
	return nil
}
