package doctor

import (
	"strings"
	"syscall"
	"testing"
)

func TestDiskThatStartsNoProgramsIsNamed(t *testing.T) {
	dir := t.TempDir()
	if got := disk(t.Context(), Config{Data: dir}); strings.Contains(got.Say, "noexec") {
		t.Errorf("an ordinary disk: %+v", got)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_NOEXEC, "size=1m"); err != nil {
		t.Skipf("this account may not mount a disk: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	if got := disk(t.Context(), Config{Data: dir}); got.State != Missing || !strings.Contains(got.Say, "noexec") || !strings.Contains(got.Fix, "--data DIR") {
		t.Errorf("a disk that is mounted noexec: %+v", got)
	}
}
