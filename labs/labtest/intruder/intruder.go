//go:build unix

// Package intruder is a learner's code that tries to reach whoever judges it:
// tests put it in a workspace, and see that it reaches nothing. It knows nothing
// of what runs it.
package intruder

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"cnalab/fixtures/require"
	"cnalab/labs/process"
)

// Secret is what is not to be found. The code makes it up as it runs, so that it
// does not find itself.
const Secret = "S3CRET"

// Reached is what each line that tells of a success begins with.
const Reached = "REACHED"

// NeedsIsolation ends a test where the system does not let us isolate programs,
// so that everything is in an intruder's reach.
func NeedsIsolation(t testing.TB) {
	t.Helper()
	if process.Isolates() == process.NotIsolated {
		require.Missing(t, "isolation", "this system does not let us isolate programs")
	}
}

// Data fills a folder as a learner's data folder is filled.
func Data(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"token", "server.json", "progress.db", "cache/checks/010.test", "cache/built/child", "workspaces/020/order/order.go", "run/1/postgres/secret"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(Secret), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

// Unchanged fails where the folder is not as Data left it.
func Unchanged(t *testing.T, dir string) {
	t.Helper()
	_ = filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Name() == "intruder" {
			t.Errorf("%s was written", path)
		}
		return nil
	})
	if text, err := os.ReadFile(filepath.Join(dir, "progress.db")); string(text) != Secret {
		t.Errorf("progress.db is %q now, %v", text, err)
	}
}

// Source is a Go file of that package. Before anything else runs it tries to read
// and write in the folders, and in those of its command line, and in all processes.
func Source(pkg string, folders ...string) string {
	return fmt.Sprintf(source, pkg, folders)
}

const source = `package %s

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

var intruderFolders = append(strings.Fields(strings.Trim("%v", "[]")), os.Args[1:]...)

func init() {
	secret := []byte(strings.ToUpper("s3cret"))
	reached := func(what ...any) { fmt.Println(append([]any{strings.ToUpper("reached")}, what...)...) }
	read := func(path string) {
		if text, err := os.ReadFile(path); err == nil && bytes.Contains(text, secret) {
			reached("read", path)
		}
	}
	for _, variable := range os.Environ() {
		if strings.Contains(variable, string(secret)) {
			reached("was told", variable)
		}
	}
	look := func(dir string) {
		var dirs []string
		filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() {
				read(path)
				if f, err := os.OpenFile(path, os.O_RDWR, 0); err == nil {
					f.Close()
					reached("may write", path)
				}
			}
			if err == nil && entry.IsDir() {
				dirs = append(dirs, path)
			}
			return nil
		})
		for _, dir := range dirs { // what it sees in the place of a hidden folder may be its own to write
			os.WriteFile(filepath.Join(dir, "intruder"), secret, 0o666)
		}
	}
	for _, dir := range intruderFolders {
		look(dir)
	}
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		at := filepath.Join("/proc", entry.Name())
		read(filepath.Join(at, "environ"))
		for _, dir := range intruderFolders {
			read(filepath.Join(at, "root", dir, "token"))
		}
		read(filepath.Join(at, "cwd", "token"))
		if pid != os.Getppid() {
			continue
		}
		if f, err := os.OpenFile(filepath.Join(at, "mem"), os.O_RDWR, 0); err == nil {
			f.Close()
			reached("may write the memory of", pid)
		}
		if _, err := os.Readlink(filepath.Join(at, "exe")); err == nil {
			reached("knows the program of", pid)
		}
		descriptors, _ := os.ReadDir(filepath.Join(at, "fd")) // whose numbers a user may know
		for _, d := range descriptors {
			if _, err := os.Readlink(filepath.Join(at, "fd", d.Name())); err == nil {
				reached("has file", d.Name(), "of", pid)
			}
		}
	}
}
`
