//go:build unix

package textfile

import (
	"path/filepath"
	"syscall"
	"testing"
)

// Whoever opens a pipe waits for somebody to write into it.
func TestPipeIsNotOpened(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "01-greet.md")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(pipe, MaxStep); !broken(err) {
		t.Errorf("got %v", err)
	}
}
