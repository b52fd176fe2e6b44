// Package labtest makes labs for tests, as an author begins one. It knows
// nothing of what is tested.
package labtest

import (
	"os"
	"path/filepath"
	"testing"

	"cnalab/labs/scaffold"
)

// New makes a labs folder with a whole lab in it, 010-greeting.
func New(t *testing.T) (dir, lab string) {
	t.Helper()
	dir = t.TempDir()
	lab, err := scaffold.New(dir, "greeting")
	if err != nil {
		t.Fatal(err)
	}
	return dir, lab
}

// Write writes a file, and the folders that it is in.
func Write(t *testing.T, content string, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
