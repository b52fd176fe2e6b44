package grade

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cnalab/labs"
)

// copyLab puts a lab elsewhere, outside the module.
func copyLab(t *testing.T, from string) *labs.Lab {
	t.Helper()
	dir := filepath.Join(t.TempDir(), filepath.Base(from))
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return lab(t, dir)
}

func TestLabElsewhere(t *testing.T) {
	away := copyLab(t, "testdata/labs/001-verdicts")
	report := grader(t).Run(t.Context(), wish(away, 1))
	if c := report.Steps[0].Checks[0]; c.Verdict != labs.Passed {
		t.Errorf("%s: %s: %s\n%s", c.Name, c.Verdict, c.Say, c.Output)
	}
}

func TestCompileOnce(t *testing.T) {
	g := grader(t)
	g.config.Cache = t.TempDir()
	away := copyLab(t, "testdata/labs/001-verdicts")
	var wait sync.WaitGroup
	binaries := make([]string, 8)
	for i := range binaries {
		wait.Go(func() {
			binary, err := g.Compile(t.Context(), away)
			if err != nil {
				t.Error(err)
			}
			binaries[i] = binary
		})
	}
	wait.Wait()
	for _, binary := range binaries {
		if binary != binaries[0] {
			t.Errorf("two binaries: %s and %s", binary, binaries[0])
		}
	}
	left, _ := os.ReadDir(filepath.Dir(binaries[0]))
	if len(left) != 1 {
		t.Errorf("the cache holds %v", left)
	}
	edit(t, filepath.Join(away.Dir, "checks", "testdata", "wrong", "01-new", "x.go"), "package x")
	if again, _ := g.Compile(t.Context(), away); again != binaries[0] {
		t.Error("a new attempt compiles the checks anew")
	}
	edit(t, filepath.Join(away.Dir, "checks", "order_test.go"), "//go:build lab\n\npackage checks\n")
	if again, _ := g.Compile(t.Context(), away); again == binaries[0] {
		t.Error("a changed check is not compiled anew")
	}
}

func edit(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestCompileProblems(t *testing.T) {
	broken := lab(t, "testdata/labs/002-does-not-compile")
	gone := *broken
	gone.Dir = filepath.Join(t.TempDir(), "gone")
	untagged := copyLab(t, "testdata/labs/002-does-not-compile")
	os.Remove(filepath.Join(untagged.Dir, "checks", "checks_test.go"))
	for name, test := range map[string]struct {
		lab  *labs.Lab
		kind labs.Kind
		line string
	}{
		"mistake":   {broken, labs.BadInput, "checks_test.go:9:8: undefined: undefined"},
		"no folder": {&gone, labs.NotFound, ""},
		"no checks": {untagged, labs.BadInput, ""},
	} {
		_, err := grader(t).Compile(t.Context(), test.lab)
		var problem *labs.Problem
		if !errors.As(err, &problem) || problem.Kind != test.kind || !strings.Contains(problem.Detail, test.line) {
			t.Errorf("%s: %v, want %s with %q; detail %q", name, err, test.kind, test.line, labs.AsProblem(err).Detail)
		}
	}
}

func TestCompileGivenUp(t *testing.T) {
	g := grader(t)
	g.config.Cache = t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Compile(ctx, verdicts(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := g.Compile(t.Context(), verdicts(t)); err != nil {
		t.Errorf("the next caller gets %v", err)
	}
}

func TestNoGo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	report := grader(t).Run(t.Context(), wish(verdicts(t), 5))
	if say := report.Steps[0].Checks[0].Say; say != "The go command is not on the PATH." || report.Verdict != labs.CouldNotCheck {
		t.Errorf("got %s: %q", report.Verdict, say)
	}
}

func TestCacheNotWritable(t *testing.T) {
	g := grader(t)
	file := filepath.Join(t.TempDir(), "file")
	edit(t, file, "in the way")
	g.config.Cache = file
	_, err := g.Compile(t.Context(), verdicts(t))
	if p := labs.AsProblem(err); p.Kind != labs.Machine {
		t.Errorf("got %v", err)
	}
}
