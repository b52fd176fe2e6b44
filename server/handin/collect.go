package handin

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// collection is what a workspace's folder holds.
type collection struct {
	files labs.Tree
	left  []string // what a build has left: nobody wrote it
	links []string
	size  int
}

// Files are a workspace's, without what a build has left.
func Files(workspace string) (labs.Tree, error) {
	found, err := collect(workspace)
	return found.files, err
}

// collect reads a workspace, but for the folders of other programs and those
// that skip names.
func collect(dir string, skip ...string) (c collection, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return c, err
	}
	defer root.Close()
	c.files = labs.Tree{}
	err = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name != ".":
			return nil // deleted while we looked
		case err != nil:
			return err
		case passes(name, skip):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.Type()&fs.ModeSymlink != 0:
			c.links = append(c.links, name)
			return nil
		case !entry.Type().IsRegular():
			return nil
		}
		return c.add(root, name, entry)
	})
	return c, err
}

// passes reports whether a file or a folder is passed by.
func passes(name string, skip []string) bool {
	for _, one := range skip {
		if name == one {
			return true
		}
	}
	return folder.Own(path.Base(name)) || junk(name)
}

func (c *collection) add(root *os.Root, name string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil {
		return nil // deleted while we looked
	}
	if info.Size() > folder.MaxFile || strings.HasSuffix(name, ".test") || strings.HasSuffix(name, ".exe") {
		c.left = append(c.left, name)
		return nil
	}
	text, err := folder.Read(root, name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	c.files[name] = text
	if c.size += len(text); c.size > maxContent || len(c.files) > maxEntries {
		return tooLarge("The folder")
	}
	return nil
}
