package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
)

// hold locks a folder and keeps it, and returns what keepLock tells.
func hold(t *testing.T) (f folder, again chan bool, lost <-chan error) {
	t.Helper()
	f = folder(filepath.Join(t.TempDir(), "data"))
	if err := f.create(); err != nil {
		t.Fatal(err)
	}
	file, err := f.lock()
	if err != nil {
		t.Fatal(err)
	}
	ctx, release := context.WithCancel(t.Context())
	again = make(chan bool, 1)
	lost = f.keepLock(ctx, file, func() { again <- true })
	t.Cleanup(func() { release(); <-lost })
	return f, again, lost
}

// A folder that is deleted under a server is the server's all the same.
func TestTheLockOfADeletedFolderIsTakenAgain(t *testing.T) {
	f, again, lost := hold(t)
	if err := os.RemoveAll(string(f)); err != nil {
		t.Fatal(err)
	}
	select {
	case <-again:
	case err := <-lost:
		t.Fatal(err)
	case <-time.After(10 * lockTick):
		t.Fatal("the server did not notice")
	}
	if _, err := f.lock(); labs.AsProblem(err).Kind != labs.Conflict {
		t.Errorf("another server may have the folder: %v", err)
	}
}

// Where another server was faster, the first one ends.
func TestTwoServersNeverHaveOneFolder(t *testing.T) {
	f, _, lost := hold(t)
	if err := errors.Join(os.RemoveAll(string(f)), f.create()); err != nil {
		t.Fatal(err)
	}
	other, err := f.lock()
	if err != nil {
		t.Skip("the first server was faster:", err)
	}
	defer other.Close()
	select {
	case err := <-lost:
		if err == nil || !strings.Contains(err.Error(), "another server") {
			t.Errorf("it ends with %v", err)
		}
	case <-time.After(10 * lockTick):
		t.Error("the first server goes on")
	}
}
