package workspaces

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// Beside a tab that saves without pause an editor on disk loses nothing: what it
// wrote is there, or the tab is told of it and shows both. Only one that writes in
// place may be held up by the system after it has opened the file, for longer than
// a save waits for it.
func TestTwoWriters(t *testing.T) {
	for how, write := range map[string]func(file, text string) error{
		"by renaming": func(file, text string) error {
			return errors.Join(os.WriteFile(file+"~", []byte(text), 0o644), os.Rename(file+"~", file))
		},
		"in place": func(file, text string) error {
			f, err := os.OpenFile(file, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteAt([]byte(text), 0)
			return errors.Join(err, f.Close())
		},
	} {
		t.Run(how, func(t *testing.T) {
			c, _ := opened(t)
			file := filepath.Join(c.Dir(), "order", "main.go")
			at, err := c.Read("order/main.go")
			if err != nil {
				t.Fatal(err)
			}
			var wrote, seen atomic.Int64
			stop := make(chan struct{})
			saved := make(chan int)
			go func() { saved <- savesWithoutPause(t, c, at, &seen, stop) }()
			const rounds = 300
			lost := 0
			for n := range rounds {
				text := fmt.Sprintf("editor %07d", n+1)
				if err := write(file, text); err != nil {
					t.Error(err)
				}
				wrote.Store(int64(n + 1))
				for waited := time.Now(); seen.Load() < wrote.Load() && time.Since(waited) < time.Second; {
					time.Sleep(time.Millisecond)
				}
				if seen.Load() < wrote.Load() {
					lost++
				}
			}
			if most := map[string]int{"in place": rounds / 50}[how]; lost > most {
				t.Errorf("%d of %d are lost without a word, wanted %d at most", lost, rounds, most)
			}
			close(stop)
			if <-saved == 0 {
				t.Error("nothing was saved: nobody wrote at the same time")
			}
		})
	}
}

// savesWithoutPause saves as a tab whose learner always keeps their own text,
// notes what it was shown of the editor's, and counts what was saved.
func savesWithoutPause(t *testing.T, c *Workspace, at Text, seen *atomic.Int64, stop <-chan struct{}) (saved int) {
	for {
		select {
		case <-stop:
			return saved
		default:
		}
		now, err := c.Write("order/main.go", fmt.Sprintf("tab    %07d", saved), at.ETag)
		if problem, ok := errors.AsType[*labs.Problem](err); ok && problem.Kind == labs.Conflict {
			var n int64
			if _, err := fmt.Sscanf(now.Text, "editor %d", &n); err == nil {
				seen.Store(n)
			}
		} else if err != nil {
			t.Error(err)
			return saved
		} else {
			saved++
		}
		at = now
	}
}

// What a save left that was killed goes when the lab is opened, and nothing of
// the learner's with it.
func TestUnfinishedSavesAreSwept(t *testing.T) {
	c, _ := opened(t)
	left := filepath.Join(c.Dir(), "order", folder.Temporary+"left")
	fresh := filepath.Join(c.Dir(), "order", folder.Temporary+"fresh")
	for _, file := range []string{left, fresh} {
		if err := os.WriteFile(file, []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	before := time.Now().Add(-time.Hour)
	if err := errors.Join(os.Chtimes(left, before, before), os.Chtimes(filepath.Join(c.Dir(), "order", "main.go"), before, before)); err != nil {
		t.Fatal(err)
	}
	open(t, c)
	for file, want := range map[string]bool{left: false, fresh: true, filepath.Join(c.Dir(), "order", "main.go"): true} {
		if _, err := os.Stat(file); (err == nil) != want {
			t.Errorf("%s is there: %v, wanted %v", file, err == nil, want)
		}
	}
}
