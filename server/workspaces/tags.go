package workspaces

import (
	"io/fs"
	"maps"
	"os"

	"cnalab/server/workspaces/folder"
)

// tags are those of the files that a workspace holds at one moment.
type tags struct {
	listed map[string]string // by path
	sums   string            // of go.sum, which is never listed
}

// tags reads them. What is too large to be read here is told by its time.
// c.mu is held.
func (c *Workspace) tags(root *os.Root) (tags, error) {
	now := tags{listed: map[string]string{}}
	err := folder.Walk(root, func(name string, info fs.FileInfo) error {
		tag := info.ModTime().String()
		if info.Size() <= folder.MaxFile {
			text, err := folder.Read(root, name)
			if err != nil {
				return nil // deleted while we looked, or not ours to read
			}
			tag = folder.ETag(string(text))
		}
		now.set(name, tag)
		return nil
	})
	return now, err
}

// set notes a file's tag; an empty one says that it is gone.
func (t *tags) set(name, tag string) {
	switch {
	case name == sumsFile:
		t.sums = tag
	case tag == "":
		delete(t.listed, name)
	default:
		t.listed[name] = tag
	}
}

// with returns the tags after files were written.
func (t tags) with(written map[string]string) tags {
	after := tags{listed: map[string]string{}, sums: t.sums}
	maps.Copy(after.listed, t.listed)
	for name, tag := range written {
		after.set(name, tag)
	}
	return after
}

// difference is what has changed from before to now, with no tag where a file
// is gone, and whether files came or went.
func difference(before, now map[string]string) (changed map[string]string, tree bool) {
	changed = map[string]string{}
	for name, tag := range now {
		if old, was := before[name]; old != tag || !was {
			changed[name] = tag
			tree = tree || !was
		}
	}
	for name := range before {
		if _, is := now[name]; !is {
			changed[name], tree = "", true
		}
	}
	return changed, tree
}
