package workspaces

import (
	"os"
	"path/filepath"
	"testing"
)

// fillOwn writes files, each of which holds where it was written.
func fillOwn(t *testing.T, folder string, names ...string) {
	t.Helper()
	for _, name := range names {
		put(t, folder, name, folder+" "+name)
	}
}

func has(t *testing.T, file, want string) {
	t.Helper()
	if got, err := os.ReadFile(file); err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", file, got, err, want)
	}
}

func TestWhatEarlierVersionsKeptIsMoved(t *testing.T) {
	data := t.TempDir()
	old, s := filepath.Join(data, "desk"), New(data, "../..")
	files := []string{"tiny/order/main.go", ".history/tiny/last/order/main.go", ".history/tiny/gone/x.go"}
	fillOwn(t, old, files...)
	for range 2 { // the second time there is nothing to do
		if err := s.MoveOld(); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range files {
		has(t, filepath.Join(s.Dir(), name), old+" "+name)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the old folder is still there: %v", err)
	}
}

// Whoever used an older version in between has both folders.
func TestNothingIsOverwrittenByTheMove(t *testing.T) {
	data := t.TempDir()
	old, s := filepath.Join(data, "desk"), New(data, "../..")
	fillOwn(t, old, "tiny/order/main.go", "other/main.go", ".history/tiny/last/a.go", ".history/other/last/b.go")
	fillOwn(t, s.Dir(), "tiny/order/main.go", ".history/tiny/last/a.go")
	if err := s.MoveOld(); err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{
		filepath.Join(s.Dir(), "tiny/order/main.go"):       s.Dir() + " tiny/order/main.go",
		filepath.Join(s.Dir(), ".history/tiny/last/a.go"):  s.Dir() + " .history/tiny/last/a.go",
		filepath.Join(s.Dir(), "other/main.go"):            old + " other/main.go",
		filepath.Join(s.Dir(), ".history/other/last/b.go"): old + " .history/other/last/b.go",
		filepath.Join(old, "tiny/order/main.go"):           old + " tiny/order/main.go",
		filepath.Join(old, ".history/tiny/last/a.go"):      old + " .history/tiny/last/a.go",
	} {
		has(t, name, from)
	}
}
