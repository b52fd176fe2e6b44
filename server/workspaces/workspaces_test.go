package workspaces

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
	"cnalab/server/workspaces/module"
)

const starterMain = "package main\n\nfunc main() {}\n"

// tiny makes a lab of three steps: the first changes a file, the second adds
// one and removes one, the third changes the added one.
func tiny(t *testing.T) *labs.Lab {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "040-tiny")
	put(t, dir, "workspace/order/main.go", starterMain)
	put(t, dir, "workspace/order/old.go", "package main\n")
	put(t, dir, "solution/01/order/main.go", "package main\n\nfunc main() { publish() }\n\nfunc publish() {}\n")
	put(t, dir, "solution/02/order/outbox.go", "package main\n\nfunc outbox() {}\n")
	put(t, dir, "solution/02/removed.txt", "order/old.go\n")
	put(t, dir, "solution/03/order/outbox.go", "package main\n\nfunc outbox() { publish() }\n")
	put(t, dir, "solution/03/run.sh", "true\n")
	return &labs.Lab{ID: "tiny", Number: "040", Dir: dir, Steps: []labs.Step{{Number: 1}, {Number: 2}, {Number: 3}}}
}

// opened returns a made copy of the tiny lab, and the data folder it is in.
func opened(t *testing.T) (*Workspace, string) {
	t.Helper()
	data := t.TempDir()
	c := New(data, projectRoot).Lab(tiny(t))
	open(t, c)
	return c, data
}

func open(t *testing.T, c *Workspace) {
	t.Helper()
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestFirstOpenMakesTheStarterAModule(t *testing.T) {
	c, _ := opened(t)
	files, err := c.Tree()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Path)
		if !f.Starter || f.Size == 0 {
			t.Errorf("%+v", f)
		}
	}
	if diff := cmp.Diff([]string{"go.mod", "order/main.go", "order/old.go"}, names); diff != "" {
		t.Error(diff)
	}
	goInside(t, c.Dir(), "build", "-o", os.DevNull, "./...")
	if told := c.Notices(); len(told) != 0 {
		t.Errorf("first open told %q", told)
	}
}

func TestOpenNeverOverwrites(t *testing.T) {
	c, data := opened(t)
	write(t, c, "order/main.go", "package main // mine\n")
	put(t, c.Dir(), "order/editor.go", "package main // written by an editor\n")
	again := New(data, projectRoot).Lab(c.lab.Load())
	open(t, again)
	want(t, again, "order/main.go", "package main // mine\n")
	want(t, again, "order/editor.go", "package main // written by an editor\n")
}

func TestInterruptedCreateIsRepaired(t *testing.T) {
	c := New(t.TempDir(), projectRoot).Lab(tiny(t))
	put(t, c.Dir(), "order/main.go", "package main // mine\n") // all that a crash left
	put(t, c.Dir(), "order/"+folder.Temporary+"x", "half")
	open(t, c)
	want(t, c, "order/main.go", "package main // mine\n")
	want(t, c, "order/old.go", "package main\n")
	goInside(t, c.Dir(), "vet", "./order")
}

func TestDeletedWorkspaceComesBack(t *testing.T) {
	c, data := opened(t)
	write(t, c, "order/main.go", "package main // mine\n")
	put(t, c.Dir(), "order/editor.go", "package main // by an editor\n")
	open(t, c) // a check opens the workspace, and so sees what the editor wrote
	remove(t, c.Dir())
	want(t, c, "order/main.go", "package main // mine\n")
	want(t, c, "order/editor.go", "package main // by an editor\n")
	if told := c.Notices(); len(told) != 1 || !strings.Contains(told[0], "is back") {
		t.Errorf("told %q", told)
	}
	if told := c.Notices(); len(told) != 0 {
		t.Errorf("told twice: %q", told)
	}
	put(t, c.Dir(), "order/editor.go", "package main // by an editor, while a page looked on\n")
	read(t, c, "order/editor.go")
	remove(t, c.Dir())
	want(t, c, "order/editor.go", "package main // by an editor, while a page looked on\n")
	c.Notices()
	remove(t, filepath.Join(data, "workspaces")) // the history too: the starter it is
	want(t, c, "order/main.go", starterMain)
}

func TestDeletedGoModComesBack(t *testing.T) {
	c, _ := opened(t)
	remove(t, filepath.Join(c.Dir(), "go.mod"))
	remove(t, filepath.Join(c.Dir(), "order", "old.go")) // as the learner wants it
	open(t, c)
	goInside(t, c.Dir(), "build", "-o", os.DevNull, "./...")
	if _, err := os.Stat(filepath.Join(c.Dir(), "order", "old.go")); err == nil {
		t.Error("a file that the learner deleted came back")
	}
	gone := filepath.Join(c.history.Dir(), "gone")
	put(t, gone, "x", "")
	if text, err := os.ReadFile(filepath.Join(gone, "order", "old.go")); err != nil || string(text) != "package main\n" {
		t.Errorf("a file deleted behind our back is not kept: %q, %v", text, err)
	}
}

func TestModuleFollowsTheProjectUnlessTheLearnerChangedIt(t *testing.T) {
	c, _ := opened(t)
	now := read(t, c, "go.mod").Text
	older := string(module.Stamped([]byte("module shop\n\ngo 1.25\n")))
	write(t, c, "go.mod", older)
	open(t, c)
	want(t, c, "go.mod", now)
	mine := strings.Replace(older, "go 1.25", "go 1.24", 1)
	write(t, c, "go.mod", mine)
	open(t, c)
	want(t, c, "go.mod", mine)
}

func TestConflictCarriesTheCurrentText(t *testing.T) {
	c, _ := opened(t)
	first := read(t, c, "order/main.go")
	mine := write(t, c, "order/main.go", "package main // one tab\n")
	now, err := c.Write("order/main.go", "package main // the other tab\n", first.ETag)
	p := problem(t, err, labs.Conflict)
	if diff := cmp.Diff(mine, now); diff != "" {
		t.Error(diff)
	}
	if p.Detail != mine.Text {
		t.Errorf("detail %q", p.Detail)
	}
	want(t, c, "order/main.go", "package main // one tab\n")

	_, err = c.Write("order/main.go", "", "") // as a new file
	problem(t, err, labs.Conflict)
	remove(t, filepath.Join(c.Dir(), "order", "main.go"))
	_, err = c.Write("order/main.go", "text", mine.ETag)
	problem(t, err, labs.Conflict)
}

func TestRemovalIsUndone(t *testing.T) {
	c, _ := opened(t)
	write(t, c, "notes/today.md", "mine\n")
	if _, err := c.Remove("notes/today.md"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(c.Dir(), "notes")); err == nil {
		t.Error("an empty folder stays")
	}
	undo(t, c)
	want(t, c, "notes/today.md", "mine\n")
	_, err := c.Remove("notes/none.md")
	problem(t, err, labs.NotFound)
}

func write(t *testing.T, c *Workspace, name, text string) Text {
	t.Helper()
	now, err := c.Read(name)
	if err != nil && !isMissing(err) {
		t.Fatal(err)
	}
	written, err := c.Write(name, text, now.ETag)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

func read(t *testing.T, c *Workspace, name string) Text {
	t.Helper()
	text, err := c.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func want(t *testing.T, c *Workspace, name, text string) {
	t.Helper()
	if got := read(t, c, name); got.Text != text || got.ETag != folder.ETag(text) {
		t.Errorf("%s has %q, want %q", name, got.Text, text)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func undo(t *testing.T, c *Workspace) Change {
	t.Helper()
	change, err := c.Undo()
	if err != nil {
		t.Fatal(err)
	}
	return change
}

func redo(t *testing.T, c *Workspace) {
	t.Helper()
	if _, err := c.Redo(); err != nil {
		t.Fatal(err)
	}
}

func problem(t *testing.T, err error, kind labs.Kind) *labs.Problem {
	t.Helper()
	p, ok := errors.AsType[*labs.Problem](err)
	if !ok || p.Kind != kind || p.Say == "" || p.Next == "" {
		t.Fatalf("err = %v, want a problem of kind %q with a next step", err, kind)
	}
	return p
}
