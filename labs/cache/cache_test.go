package cache

import (
	"errors"
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

func TestWhatIsUsedStays(t *testing.T) {
	dir := folder(t, "a", "b", "c")
	kept := keep(t, dir, "a", "program")
	if err := os.Chtimes(kept, time.Unix(1000, 0), time.Unix(1000, 0)); err != nil {
		t.Fatal(err)
	}
	if !Kept(kept) {
		t.Fatal("it is not kept")
	}
	Prune(dir, "*", 1, "")
	if !Kept(kept) {
		t.Error("the one used last is gone")
	}
	if _, err := os.Stat(filepath.Join(dir, "b")); err == nil {
		t.Error("one unused for longer is still there")
	}
}

// keep keeps a file with that text.
func keep(t *testing.T, dir, name, text string) string {
	t.Helper()
	draft, path := filepath.Join(t.TempDir(), "draft"), filepath.Join(dir, name)
	if err := os.WriteFile(draft, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Keep(draft, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// Whatever stands in the place of what was kept, in this program's life or
// before it, is not handed out.
func TestWhatWasSwappedIsNotKept(t *testing.T) {
	for name, swap := range map[string]func(path string) error{
		"nothing": nil,
		"another file": func(path string) error {
			other := filepath.Join(t.TempDir(), "other")
			return errors.Join(os.WriteFile(other, []byte("PROGRAM"), 0o700), os.Rename(other, path))
		},
		"the same file, written": func(path string) error { return os.WriteFile(path, []byte("PROGRAM"), 0o700) },
		"written, and its time set back": func(path string) error {
			info, err := os.Stat(path)
			return errors.Join(err, os.WriteFile(path, []byte("PROGRAM"), 0o700), os.Chtimes(path, info.ModTime(), info.ModTime()))
		},
		"a link": func(path string) error {
			other := filepath.Join(t.TempDir(), "other")
			return errors.Join(os.Rename(path, other), os.Symlink(other, path))
		},
		"a folder":             func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) },
		"one that nobody kept": func(path string) error { return os.Remove(note(path)) },
	} {
		for _, again := range []bool{false, true} {
			path := keep(t, t.TempDir(), "a", "program")
			if !Kept(path) {
				t.Fatalf("%s: what was just kept is not", name)
			}
			if again { // as in a program that starts later
				mu.Lock()
				delete(known, path)
				mu.Unlock()
			}
			if swap != nil {
				if err := swap(path); err != nil {
					t.Fatal(err)
				}
			}
			want := swap == nil || name == "one that nobody kept" && !again
			if got := Kept(path); got != want {
				t.Errorf("%s, again %t: kept is %t", name, again, got)
			}
			if _, err := os.Lstat(path); !want && err == nil {
				t.Errorf("%s, again %t: it is still there", name, again)
			}
		}
	}
}

func TestWhatIsPrunedLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := keep(t, dir, "a", "program")
	Prune(dir, "*", 0, "")
	for _, gone := range []string{path, note(path)} {
		if _, err := os.Stat(gone); err == nil {
			t.Errorf("%s is still there", gone)
		}
	}
}
