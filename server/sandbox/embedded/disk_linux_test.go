package embedded_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"cnalab/labs"
	"cnalab/labs/process"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/sandboxtest"
)

// A full disk makes Postgres refuse what the learner's code writes: no
// verdict is about the code then.
func TestFullDiskIsNobodysCode(t *testing.T) {
	data := smallDisk(t, 0, "size=200m")
	p := provider(data)
	t.Cleanup(func() { p.Close() })
	open, err := p.Open(t.Context(), sandbox.Request{Lab: bare, Workspace: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	filler := fill(t, data)
	wantFull(t, "apply", open.Apply(t.Context()))
	_, err = p.Open(t.Context(), sandbox.Request{Lab: bare, Workspace: t.TempDir()})
	wantFull(t, "open", err)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := open.Apply(t.Context()); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// initdb says in its own words that the disk is full.
func TestFullDiskWhileTheClusterIsMade(t *testing.T) {
	data := smallDisk(t, 0, "size=20m,mode=755")
	p := provider(data)
	t.Cleanup(func() { p.Close() })
	lab := sandboxtest.Lab(sandboxtest.Postgres())
	if err := p.Offers(t.Context(), lab); err != nil {
		t.Skip(err)
	}
	_, err := p.Open(t.Context(), sandbox.Request{Lab: lab, Workspace: t.TempDir()})
	wantFull(t, "open", err)
}

// What is built in the data folder is started there.
func TestDataFolderThatNoProgramStartsFrom(t *testing.T) {
	data := smallDisk(t, syscall.MS_NOEXEC, "size=200m,mode=755")
	if err := process.Executes(data); err == nil {
		t.Error("a program was started from a disk that is mounted noexec")
	}
	p := provider(data)
	t.Cleanup(func() { p.Close() })
	_, err := p.Open(t.Context(), sandbox.Request{Lab: sandboxtest.Lab(sandboxtest.Kafka), Workspace: t.TempDir()})
	if problem := labs.AsProblem(err); problem.Kind != labs.Machine || !strings.Contains(problem.Say, "noexec") || !strings.Contains(problem.Next, "--data DIR") {
		t.Errorf("it says %v", err)
	}
}

func wantFull(t *testing.T, doing string, err error) {
	t.Helper()
	p := labs.AsProblem(err)
	if err == nil || p.Kind != labs.Machine || !strings.Contains(p.Say, "disk is full") || p.Next == "" {
		t.Errorf("%s on a full disk says %v", doing, err)
	}
}

func smallDisk(t *testing.T, flags uintptr, options string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "cnalab-disk-") // one that Postgres' user can reach
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { os.Remove(dir) })
	if err := errors.Join(os.Chmod(dir, 0o755), syscall.Mount("tmpfs", dir, "tmpfs", flags, options)); err != nil {
		t.Skipf("this account may not mount a small disk: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fill leaves not a byte on the disk.
func fill(t *testing.T, dir string) (path string) {
	t.Helper()
	file, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for err == nil {
		_, err = file.Write(make([]byte, 64<<10))
	}
	return file.Name()
}
