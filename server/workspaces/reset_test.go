package workspaces

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// all reads the workspace as it is on disk, but for its module files.
func all(t *testing.T, c *Workspace) map[string]string {
	t.Helper()
	files, err := folder.ReadAll(c.Dir())
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for name, text := range files {
		if name != "go.mod" && name != "go.sum" {
			texts[name] = string(text)
		}
	}
	return texts
}

func solvedTo(t *testing.T, c *Workspace, steps int) map[string]string {
	t.Helper()
	tree, err := c.lab.Load().At(steps)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for name, text := range tree {
		texts[name] = string(text)
	}
	return texts
}

func TestResetsAndCatchUpAreUndoneAndRedone(t *testing.T) {
	mine := map[string]string{
		"order/main.go":  "package main // mine\n",
		"order/mine.go":  "package main // also mine\n",
		"order/notes.md": "notes\n",
	}
	for name, c := range map[string]struct {
		do   func(*Workspace) (Change, error)
		want func(before, starter, one, two map[string]string) map[string]string
	}{
		"file": {
			func(c *Workspace) (Change, error) { return c.ResetFile("order/main.go", 2) },
			func(before, _, one, _ map[string]string) map[string]string {
				before["order/main.go"] = one["order/main.go"]
				return before
			},
		},
		"step that adds and removes": {
			func(c *Workspace) (Change, error) {
				if _, err := c.Write("order/outbox.go", "package main // tried\n", ""); err != nil {
					return Change{}, err
				}
				_ = os.Remove(filepath.Join(c.Dir(), "order", "old.go"))
				return c.ResetStep(2)
			},
			func(before, _, _, _ map[string]string) map[string]string { return before },
		},
		"step in the middle": {
			func(c *Workspace) (Change, error) { return c.ResetStep(3) },
			func(before, _, _, two map[string]string) map[string]string {
				before["order/outbox.go"] = two["order/outbox.go"]
				return before
			},
		},
		"lab": {
			func(c *Workspace) (Change, error) { return c.ResetLab() },
			func(_, starter, _, _ map[string]string) map[string]string { return starter },
		},
		"catch up": {
			func(c *Workspace) (Change, error) { return c.FastForward(3) },
			func(_, _, _, two map[string]string) map[string]string { return two },
		},
	} {
		t.Run(name, func(t *testing.T) {
			copy, _ := opened(t)
			for file, text := range mine {
				write(t, copy, file, text)
			}
			before := all(t, copy)
			want := c.want(maps.Clone(before), solvedTo(t, copy, 0), solvedTo(t, copy, 1), solvedTo(t, copy, 2))
			want["order/notes.md"] = "notes\n" // stays whatever happens
			change, err := c.do(copy)
			if err != nil {
				t.Fatal(err)
			}
			if len(change.Paths) == 0 || change.Say == "" {
				t.Errorf("change %+v", change)
			}
			if diff := cmp.Diff(want, all(t, copy)); diff != "" {
				t.Fatalf("after (-want +got):\n%s", diff)
			}
			undo(t, copy)
			undone := all(t, copy)
			if name != "step that adds and removes" { // that one changed more before its reset
				if diff := cmp.Diff(before, undone); diff != "" {
					t.Fatalf("undone (-want +got):\n%s", diff)
				}
			} else if undone["order/outbox.go"] != "package main // tried\n" || undone["order/old.go"] != "" {
				t.Fatalf("undone: %v", undone)
			}
			redo(t, copy)
			if diff := cmp.Diff(want, all(t, copy)); diff != "" {
				t.Fatalf("redone (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUndoLeavesLaterWorkAlone(t *testing.T) {
	c, _ := opened(t)
	write(t, c, "order/main.go", "package main // mine\n")
	if _, err := c.ResetFile("order/main.go", 1); err != nil {
		t.Fatal(err)
	}
	write(t, c, "order/later.go", "package main // later\n")
	if undoes, redoes := c.Last(); undoes != "the reset of order/main.go" || redoes != "" {
		t.Errorf("last: %q and %q", undoes, redoes)
	}
	undo(t, c)
	want(t, c, "order/main.go", "package main // mine\n")
	want(t, c, "order/later.go", "package main // later\n")
}

// Whatever puts a file of the learner's own away, and whatever comes after it, Undo
// goes back to it; a Redo takes back an Undo alone.
func TestUndoGoesBackToAFileOfOnesOwn(t *testing.T) {
	for name, putAway := range map[string]func(*Workspace) (Change, error){
		"reset":   (*Workspace).ResetLab,
		"catchup": func(c *Workspace) (Change, error) { return c.FastForward(2) },
		"removal": func(c *Workspace) (Change, error) { return c.Remove("order/mine.go") },
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := opened(t)
			write(t, c, "order/mine.go", "package main // mine\n")
			if _, err := putAway(c); err != nil {
				t.Fatal(err)
			}
			first, _ := c.Last()
			for _, later := range []func() (Change, error){
				func() (Change, error) { return c.FastForward(3) },
				func() (Change, error) { return c.ResetFile("order/main.go", 1) },
				func() (Change, error) { return c.ResetStep(3) },
			} {
				if _, err := later(); err != nil {
					t.Fatal(err)
				}
			}
			for n := 0; ; n++ {
				last, _ := c.Last()
				undo(t, c)
				if _, again := c.Last(); again != last {
					t.Fatalf("after the undoing of %s one can redo %q", last, again)
				}
				if last == first {
					break
				}
				if n == 5 {
					t.Fatalf("%s is not reached", first)
				}
			}
			want(t, c, "order/mine.go", "package main // mine\n")
			if undoes, _ := c.Last(); undoes != "" {
				t.Errorf("there is %q to undo still", undoes)
			}
			redo(t, c)
			if _, err := c.Read("order/mine.go"); !isMissing(err) {
				t.Errorf("after Redo the file is there: %v", err)
			}
			if undoes, redoes := c.Last(); undoes != first || redoes != "" {
				t.Errorf("after Redo one can undo %q and redo %q", undoes, redoes)
			}
			undo(t, c)
			want(t, c, "order/mine.go", "package main // mine\n")
		})
	}
}

// What is so already is undone too, and the next Undo goes on.
func TestUndoGoesOnWhereNothingIsLeftToDo(t *testing.T) {
	c, _ := opened(t)
	write(t, c, "order/mine.go", "package main // mine\n")
	if _, err := c.Remove("order/mine.go"); err != nil {
		t.Fatal(err)
	}
	write(t, c, "order/mine.go", "package main // mine\n")
	undo(t, c)
	if undoes, _ := c.Last(); undoes != "" {
		t.Errorf("there is %q to undo still", undoes)
	}
}

func TestWhatAResetReplacesIsInTheHistoryFolder(t *testing.T) {
	c, data := opened(t)
	write(t, c, "order/main.go", "package main // mine\n")
	if _, err := c.ResetLab(); err != nil {
		t.Fatal(err)
	}
	found, _ := filepath.Glob(filepath.Join(data, "workspaces", ".history", "tiny", "change-*", "files", "order", "main.go"))
	if len(found) != 1 {
		t.Fatalf("found %q", found)
	}
	if text, err := os.ReadFile(found[0]); err != nil || string(text) != "package main // mine\n" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestResetsThatCannotBeDone(t *testing.T) {
	c, _ := opened(t)
	_, err := c.Undo()
	problem(t, err, labs.NotFound)
	_, err = c.Redo()
	problem(t, err, labs.NotFound)
	_, err = c.ResetStep(4)
	problem(t, err, labs.NotFound)
	_, err = c.FastForward(0)
	problem(t, err, labs.NotFound)
	write(t, c, "order/mine.go", "package main\n")
	_, err = c.ResetFile("order/mine.go", 1)
	problem(t, err, labs.BadInput)
	change, err := c.ResetFile("order/main.go", 1)
	if err != nil || len(change.Paths) != 0 || !strings.Contains(change.Say, "Nothing had to change") {
		t.Errorf("%+v, %v", change, err)
	}
}

func TestSolutionListsItsFiles(t *testing.T) {
	c, _ := opened(t)
	texts, err := c.Solution(3)
	if err != nil {
		t.Fatal(err)
	}
	text := "package main\n\nfunc outbox() { publish() }\n"
	if diff := cmp.Diff([]Text{{"order/outbox.go", text, folder.ETag(text)}}, texts); diff != "" {
		t.Error(diff)
	}
}
