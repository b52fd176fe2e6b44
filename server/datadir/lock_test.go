package datadir

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

// hold locks a folder and keeps it, and returns what KeepLock tells.
func hold(t *testing.T) (d Dir, again chan bool, lost <-chan error) {
	t.Helper()
	d = Dir(filepath.Join(t.TempDir(), "data"))
	if err := d.Create(); err != nil {
		t.Fatal(err)
	}
	file, err := d.Lock()
	if err != nil {
		t.Fatal(err)
	}
	ctx, release := context.WithCancel(t.Context())
	again = make(chan bool, 1)
	lost = d.KeepLock(ctx, file, func() { again <- true })
	t.Cleanup(func() { release(); <-lost })
	return d, again, lost
}

// A folder that is deleted under a server is the server's all the same.
func TestTheLockOfADeletedFolderIsTakenAgain(t *testing.T) {
	d, again, lost := hold(t)
	if err := os.RemoveAll(string(d)); err != nil {
		t.Fatal(err)
	}
	select {
	case <-again:
	case err := <-lost:
		t.Fatal(err)
	case <-time.After(10 * lockTick):
		t.Fatal("the server did not notice")
	}
	if _, err := d.Lock(); labs.AsProblem(err).Kind != labs.Conflict {
		t.Errorf("another server may have the folder: %v", err)
	}
}

// Where another server was faster, the first one ends.
func TestTwoServersNeverHaveOneFolder(t *testing.T) {
	d, _, lost := hold(t)
	if err := errors.Join(os.RemoveAll(string(d)), d.Create()); err != nil {
		t.Fatal(err)
	}
	other, err := d.Lock()
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
