package cache

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// folder holds files each of which was used a minute after the one before.
func folder(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i, name := range names {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(int64(1000+60*i), 0)
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestPrune(t *testing.T) {
	names := []string{"go-e", "go-d", "go-c", "go-b", "go-a", "other"}
	for name, test := range map[string]struct {
		pattern string
		keep    int
		surplus string
		want    []string
	}{
		"the newest stay":       {"*", 2, "", []string{"go-a", "other"}},
		"others do not count":   {"go-*", 2, "", []string{"go-a", "go-b", "other"}},
		"one is spared":         {"go-*", 2, "go-e", []string{"go-a", "go-b", "go-e", "other"}},
		"the spared one counts": {"go-*", 2, "go-a", []string{"go-a", "go-b", "other"}},
		"there is room":         {"*", 6, "", []string{"go-a", "go-b", "go-c", "go-d", "go-e", "other"}},
		"there is much room":    {"*", 60, "", []string{"go-a", "go-b", "go-c", "go-d", "go-e", "other"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, names...)
			Prune(dir, test.pattern, test.keep, filepath.Join(dir, test.surplus))
			var left []string
			entries, _ := os.ReadDir(dir)
			for _, entry := range entries {
				left = append(left, entry.Name())
			}
			if !slices.Equal(left, test.want) {
				t.Errorf("left %v, want %v", left, test.want)
			}
		})
	}
	Prune(filepath.Join(t.TempDir(), "gone"), "*", 1, "")
}

func TestUsedKeepsAFile(t *testing.T) {
	dir := folder(t, "a", "b", "c")
	if err := Used(filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	Prune(dir, "*", 1, "")
	if err := Used(filepath.Join(dir, "a")); err != nil {
		t.Errorf("the one used last: %v", err)
	}
	if Used(filepath.Join(dir, "b")) == nil {
		t.Error("one unused for longer is still there")
	}
}
