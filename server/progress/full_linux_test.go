package progress

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"cnalab/labs"
)

// A disk that fills keeps what was recorded before.
func TestFullDiskLosesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=512k"); err != nil {
		t.Skipf("this account may not mount a small disk: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	s := New(filepath.Join(dir, "progress.db"))
	record(t, s, report(labs.Passed, ""))
	filler, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = filler.Write(make([]byte, 4096))
	}
	filler.Close()
	err = nil
	for range 100 {
		if err = s.Record(t.Context(), report(labs.NotYet, strings.Repeat("long ", 5000))); err != nil {
			break
		}
	}
	p, ok := errors.AsType[*labs.Problem](err)
	if !ok || !strings.Contains(p.Say, "disk is full") {
		t.Fatalf("err = %v", err)
	}
	if lab(t, s)[2].Passed.IsZero() {
		t.Error("what had passed is lost")
	}
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	again := New(s.path)
	defer again.Close()
	if err := os.Remove(filler.Name()); err != nil {
		t.Fatal(err)
	}
	if lab(t, again)[2].Passed.IsZero() {
		t.Error("what had passed is lost after a restart")
	}
}
