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

// A program of gigabytes, which four lines make, is not kept.
func TestAProgramThatIsTooLargeIsNotBuilt(t *testing.T) {
	dir, b := module(t), &Builder{Cache: t.TempDir()}
	put(t, dir, "order/main.go", "package main\n\nvar much = [1 << 30]byte{1}\n\nfunc main() { println(len(much), &much) }\n")
	_, err := b.Program(t.Context(), dir, "order", func() {})
	if p := labs.AsProblem(err); err == nil || p.Kind != labs.LearnerCode || !strings.Contains(p.Say, "larger than 256 MB") {
		t.Errorf("got %v", err)
	}
}
