package scaffold

import (
	"os"
	"path/filepath"
	"testing"

	"cnalab/labs"
	"cnalab/labs/lint"
	"cnalab/labs/load"
)

func TestNew(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "0035-odd"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"040-circuit-breaker", "050-retry"} {
		id := want[len("040-"):]
		got, err := New(dir, id)
		if err != nil || filepath.Base(got) != want {
			t.Fatalf("%s: %s, %v; want %s", id, got, err, want)
		}
		if found := lint.Lab(got, nil); len(found) > 0 {
			t.Errorf("%s is broken: %v", want, found)
		}
		if lab, _ := load.Lab(got); lab == nil || lab.ID != id || len(lab.Steps) != 1 {
			t.Errorf("read %+v", lab)
		}
	}
	lab, _ := load.Lab(filepath.Join(dir, "040-circuit-breaker"))
	if lab.Title != "Circuit breaker" {
		t.Errorf("title %q", lab.Title)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 3 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestNewRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := New(dir, "retry"); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]labs.Kind{
		"retry": labs.Conflict, "": labs.BadInput, "Upper": labs.BadInput, "../out": labs.BadInput, "a b": labs.BadInput, "040-retry": labs.BadInput, "-a": labs.BadInput, "a--b": labs.BadInput,
	} {
		if _, err := New(dir, id); labs.AsProblem(err).Kind != want || err == nil {
			t.Errorf("%q: %v, want %s", id, err, want)
		}
	}
	if _, err := New(filepath.Join(dir, "gone"), "other"); labs.AsProblem(err).Kind != labs.NotFound {
		t.Errorf("got %v", err)
	}
}
