package gobuild

import (
	"strings"
	"syscall"
	"testing"

	"cnalab/labs"
)

// A full disk is told as such, and forgotten when there is room again.
func TestFullDiskIsNoMistakeInTheCode(t *testing.T) {
	cache := t.TempDir()
	if err := syscall.Mount("tmpfs", cache, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("this account may not mount a small disk: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(cache, syscall.MNT_DETACH) })
	dir, b := module(t), &Builder{Cache: cache}
	_, err := b.Program(t.Context(), dir, "order", func() {})
	if p := labs.AsProblem(err); err == nil || p.Kind != labs.Machine || !strings.Contains(p.Say, "disk is full") {
		t.Fatalf("on a full disk: %v", err)
	}
	if err := syscall.Mount("tmpfs", cache, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	if text, _ := says(t, b, dir); text != "order!" {
		t.Errorf("with room again it says %q", text)
	}
}
