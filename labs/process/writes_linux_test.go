package process

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"cnalab/labs/labtest/accounts"
)

// What a program may change it changes as if it were its own, and what it makes
// there is ours to read and to remove.
func TestAFolderToWrite(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		needsIsolation(t)
		writesIn(t, t.TempDir())
	})
}

// The same on a disk that cannot show what is ours as another's.
func TestAFolderToWriteOnAnotherDisk(t *testing.T) {
	if Isolates() != OwnAccount {
		t.Skip("only root has others to run programs as, and may mount a disk")
	}
	dir := t.TempDir()
	for _, name := range []string{"lower", "upper", "work", "disk"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	disk := filepath.Join(dir, "disk")
	if err := unix.Mount("overlay", disk, "overlay", 0, "lowerdir="+dir+"/lower,upperdir="+dir+"/upper,workdir="+dir+"/work"); err != nil {
		t.Skip("no overlay can be mounted here:", err)
	}
	t.Cleanup(func() { unix.Unmount(disk, 0) })
	writesIn(t, disk)
}

func writesIn(t *testing.T, data string) {
	t.Helper()
	workspace, other := filepath.Join(data, "workspace"), write(t, "S3CRET", 0o644, data, "other", "file")
	file := write(t, "before\n", 0o600, workspace, "sub", "own.txt")
	socket := listen(t, filepath.Join(data, "s"))
	i := &Isolation{Hides: []string{data}, Writes: []string{workspace, socket}, As: NewDynamicUser()}
	defer i.As.Close()
	does := func(script, want string) {
		t.Helper()
		if err := i.Chown(); err != nil {
			t.Fatal(err)
		}
		if got := isolated(t, i, workspace, script); got != want {
			t.Errorf("%s: got %q, want %q", script, got, want)
		}
	}
	does("echo more >> sub/own.txt && mkdir sub/new && echo new > sub/new/file && chmod 600 sub/new/file && cat sub/own.txt", "before\nmore")
	write(t, "ours\n", 0o600, workspace, "sub", "new", "file")
	write(t, "ours\n", 0o600, workspace, "later")
	does("cat sub/new/file later && rm later && echo again > sub/new/file", "ours\nours")
	does("exec 2>/dev/null; (cat "+other+"; echo x > "+other+"); ln -s "+other+" link && cat link; ln "+other+" hard", "")
	t.Setenv("ASK", socket)
	i.Reads = []string{os.Args[0]}
	does(os.Args[0]+" -test.run=^TestAsk$", "answered")
	if text, err := os.ReadFile(filepath.Join(workspace, "sub", "new", "file")); err != nil || string(text) != "again\n" {
		t.Errorf("what it made is %q, %v", text, err)
	}
	if text, err := os.ReadFile(other); err != nil || string(text) != "S3CRET" {
		t.Errorf("what is hidden is %q, %v", text, err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "before\nmore\n" {
		t.Errorf("what it changed is %q, %v", text, err)
	}
	if err := os.RemoveAll(workspace); err != nil {
		t.Error(err)
	}
}

// TestAsk is what an isolated program asks a socket by.
func TestAsk(t *testing.T) {
	if os.Getenv("ASK") == "" {
		return
	}
	c, err := net.Dial("unix", os.Getenv("ASK"))
	if err == nil {
		_, err = io.Copy(os.Stdout, c)
	}
	if err != nil {
		fmt.Println(err)
	}
	os.Exit(0)
}

// listen answers at a socket that is ours alone.
func listen(t *testing.T, path string) string {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() {
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			_, _ = io.WriteString(c, "answered")
			c.Close()
		}
	}()
	return path
}

// A file can be hidden as a folder can, as a socket in a folder that others need.
func TestAFileIsHidden(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		needsIsolation(t)
		script := "exec 2>/dev/null; cat /etc/passwd; (echo x > /etc/passwd); rm /etc/passwd; test -s /etc/group && echo beside"
		for want, hides := range map[string][]string{"beside": {"/etc/passwd"}, "root:": nil} {
			i := &Isolation{Hides: hides, As: NewDynamicUser()}
			defer i.As.Close()
			if got := isolated(t, i, "/", script); !strings.HasPrefix(got, want) {
				t.Errorf("hidden: %v: got %q", hides, got)
			}
		}
	})
}
