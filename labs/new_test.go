package labs

import (
	"os"
	"path/filepath"
	"testing"
)

func TestNew(t *testing.T) {
	dir := t.TempDir()
	write(t, "", dir, "0035-odd/lab.yaml")
	for _, want := range []string{"040-circuit-breaker", "050-retry"} {
		id := want[len("040-"):]
		got, err := New(dir, id)
		if err != nil || filepath.Base(got) != want {
			t.Fatalf("%s: %s, %v; want %s", id, got, err, want)
		}
		if found := Validate(got, nil); len(found) > 0 {
			t.Errorf("%s is broken: %v", want, found)
		}
		if lab, _ := Read(got); lab == nil || lab.ID != id || len(lab.Steps) != 1 {
			t.Errorf("read %+v", lab)
		}
	}
	lab, _ := Read(filepath.Join(dir, "040-circuit-breaker"))
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
	for id, want := range map[string]Kind{
		"retry": Conflict, "": BadInput, "Upper": BadInput, "../out": BadInput, "a b": BadInput, "040-retry": BadInput, "-a": BadInput, "a--b": BadInput,
	} {
		if _, err := New(dir, id); AsProblem(err).Kind != want || err == nil {
			t.Errorf("%q: %v, want %s", id, err, want)
		}
	}
	if _, err := New(filepath.Join(dir, "gone"), "other"); AsProblem(err).Kind != NotFound {
		t.Errorf("got %v", err)
	}
}
