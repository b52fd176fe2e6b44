package site_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"cnalab/labs"
	"cnalab/labs/load"
)

// writeLab writes the files of testdata/lab.txtar to a folder and reads it as a lab.
func writeLab(t testing.TB) *labs.Lab {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/lab.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "040-event-driven")
	for _, f := range archive.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	lab, broken := load.Lab(dir)
	if len(broken) > 0 {
		t.Fatalf("the test's lab is broken: %v", broken)
	}
	return lab
}
