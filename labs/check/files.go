package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"cnalab/labs"
)

// MaxWorkspace bounds the bytes of a workspace: one that is larger is not the
// lab's any more.
const MaxWorkspace = 64 << 20

// maxFiles bounds its files.
const maxFiles = 5_000

// Files is the learner's workspace, and nothing outside of it. Names have
// slashes and are below the workspace: "order/order.go".
type Files struct {
	c    *C
	root *os.Root
}

// Files opens the workspace; where it cannot, the check ends as could not
// check.
func (c *C) Files() *Files {
	c.Helper()
	root, err := os.OpenRoot(c.Workspace())
	if err != nil {
		c.CouldNotCheck(Finding{
			Say: "The workspace cannot be read.", Next: "Reset the lab to get its files back.", Output: err.Error(),
		})
	}
	c.Cleanup(func() { _ = root.Close() })
	return &Files{c: c, root: root}
}

// Workspace is the absolute path of the learner's files. Prefer Files, which
// does not follow a link out of it.
func (c *C) Workspace() string {
	c.Helper()
	dir := os.Getenv(labs.EnvWorkspace)
	if dir == "" {
		c.CouldNotCheck(Finding{Say: "The check was not told where the workspace is.", Next: "Start it with verify."})
	}
	return dir
}

// Has reports whether there is a file or folder of that name.
func (f *Files) Has(name string) bool {
	_, err := f.root.Stat(name)
	return err == nil
}

// Read returns a file's text, and false where there is no such file.
func (f *Files) Read(name string) (string, bool) {
	data, err := f.root.ReadFile(name)
	return string(data), err == nil
}

// FirstFile is the first of the names that is in the workspace, for the At of a
// finding; empty where none is. Names are as those of Files.
func (c *C) FirstFile(names ...string) string {
	c.Helper()
	files := c.Files()
	for _, name := range names {
		if files.Has(name) {
			return name
		}
	}
	return ""
}

// FS is the workspace as a file system, for who walks through it. It follows no
// link out of it.
func (f *Files) FS() fs.FS { return f.root.FS() }

// Hash names the workspace's content: it changes when any file does. What
// starts with a dot does not count.
func (f *Files) Hash() string {
	f.c.Helper()
	sum, err := hashFiles(f.root)
	f.c.Must(err, "The workspace cannot be read as a whole.")
	return sum
}

// Changed reports whether the workspace is no longer what the hash names, or
// cannot be read any more.
func (f *Files) Changed(hash string) bool {
	sum, err := hashFiles(f.root)
	return err != nil || sum != hash
}

func hashFiles(root *os.Root) (string, error) {
	sum, files, left := sha256.New(), 0, int64(MaxWorkspace)
	err := fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(path.Base(name), "."):
			return skip(entry)
		case entry.IsDir():
			return nil
		}
		if files++; files > maxFiles {
			return fmt.Errorf("it holds more than %d files", maxFiles)
		}
		n, err := hashFile(sum, root, name)
		if left -= n; left < 0 {
			return fmt.Errorf("it holds more than %d MiB", MaxWorkspace>>20)
		}
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}

// hashFile follows a link, as the compiler does, but not out of the root.
func hashFile(sum io.Writer, root *os.Root, name string) (int64, error) {
	info, err := root.Stat(name)
	if err != nil {
		return 0, err
	}
	if info.IsDir() {
		return 0, fmt.Errorf("%s is a link to a folder", name)
	}
	if !info.Mode().IsRegular() {
		return 0, nil
	}
	file, err := root.Open(name)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	fmt.Fprintf(sum, "%q %d\n", name, info.Size())
	return io.Copy(sum, io.LimitReader(file, MaxWorkspace+1))
}

func skip(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// Cache is a folder where what was built is kept by content hash. Without one
// the check gets a folder of its own, gone at its end.
func (c *C) Cache() string {
	if dir := os.Getenv(labs.EnvCache); dir != "" {
		return dir
	}
	return c.TempDir()
}
