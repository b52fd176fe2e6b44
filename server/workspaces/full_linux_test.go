package workspaces

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// A disk that fills while a file is saved leaves the old text in place.
func TestFullDiskKeepsTheOldFile(t *testing.T) {
	data := t.TempDir()
	if err := syscall.Mount("tmpfs", data, "tmpfs", 0, "size=512k"); err != nil {
		t.Skipf("this account may not mount a small disk: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(data, syscall.MNT_DETACH) })
	c := New(data, projectRoot).Lab(tiny(t))
	open(t, c)
	write(t, c, "order/main.go", "package main // mine\n")
	_, err := c.Write("order/main.go", strings.Repeat("x", folder.MaxFile), folder.ETag("package main // mine\n"))
	if p := problem(t, err, labs.Machine); !strings.Contains(p.Say, "disk is full") {
		t.Errorf("said %q", p.Say)
	}
	want(t, c, "order/main.go", "package main // mine\n")
	fill(t, data)
	_, err = c.ResetLab()
	problem(t, err, labs.Machine)
	want(t, c, "order/main.go", "package main // mine\n")
	left, _ := filepath.Glob(filepath.Join(c.Dir(), "*", folder.Temporary+"*"))
	if len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestFullDiskAtFirstOpen(t *testing.T) {
	data := t.TempDir()
	if err := syscall.Mount("tmpfs", data, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("this account may not mount a small disk: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(data, syscall.MNT_DETACH) })
	fill(t, data)
	c := New(data, projectRoot).Lab(tiny(t))
	problem(t, c.Open(t.Context()), labs.Machine)
	remove(t, filepath.Join(data, "filler"))
	open(t, c) // goes on where it stopped
	want(t, c, "order/main.go", starterMain)
}

// fill leaves not a byte on the disk.
func fill(t *testing.T, dir string) {
	t.Helper()
	file, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for err == nil {
		_, err = file.Write(make([]byte, 4096))
	}
}

func TestFolderThatMayNotBeWritten(t *testing.T) {
	data := t.TempDir()
	if err := os.Chmod(data, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(data, 0o700) })
	if os.WriteFile(filepath.Join(data, "probe"), nil, 0o600) == nil {
		t.Skip("this account may write everywhere; run this test as an ordinary user")
	}
	c := New(data, projectRoot).Lab(tiny(t))
	if p := problem(t, c.Open(t.Context()), labs.Machine); !strings.Contains(p.Say, "may not write") {
		t.Errorf("said %q", p.Say)
	}
}
