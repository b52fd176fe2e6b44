package grade

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

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
	report := grader(t).Run(t.Context(), request(away, 1))
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

// What stands in the cache in the place of a program that was built there is not
// run: not by the grader that built it, and not by one of a later start.
func TestSwappedProgramsAreNotRun(t *testing.T) {
	config := grader(t).config
	config.Cache = t.TempDir()
	v := verdicts(t)
	first := New(config)
	defer first.Close()
	ask := func(g *Grader) labs.Verdict { return g.Run(t.Context(), request(v, 1)).Steps[0].Checks[0].Verdict }
	if got := ask(first); got != labs.Passed {
		t.Fatalf("untouched it is %s", got)
	}
	binary, err := first.Compile(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	converter, err := first.test2json()
	if err != nil {
		t.Fatal(err)
	}
	later := New(config)
	defer later.Close()
	for name, g := range map[string]*Grader{"the grader that built it": first, "one of a later start": later} {
		for _, path := range []string{binary, converter} {
			proof := filepath.Join(t.TempDir(), "proof")
			other := filepath.Join(t.TempDir(), "other")
			edit(t, other, "#!/bin/sh\ntouch "+proof+"\n")
			if err := errors.Join(os.Chmod(other, 0o755), os.Rename(other, path)); err != nil {
				t.Fatal(err)
			}
			if got := ask(g); got != labs.Passed {
				t.Errorf("%s, %s: %s", name, filepath.Base(path), got)
			}
			if _, err := os.Stat(proof); err == nil {
				t.Errorf("%s: another program ran in the place of %s", name, filepath.Base(path))
			}
		}
	}
}

// A command that ends leaves neither a compiler at work nor its folder.
func TestCloseWaitsForTheCompiler(t *testing.T) {
	g := New(grader(t).config)
	g.config.Cache = t.TempDir()
	lab := copyLab(t, "testdata/labs/001-verdicts")
	ended := make(chan error, 1)
	go func() {
		_, err := g.Compile(context.Background(), lab)
		ended <- err
	}()
	working := func() []string {
		found, _ := filepath.Glob(filepath.Join(g.config.Cache, "checks", ".build-*"))
		return found
	}
	for len(working()) == 0 {
		select {
		case err := <-ended:
			t.Fatalf("it ended before its folder was seen: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	g.Close()
	if left := working(); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	if err := <-ended; err == nil {
		t.Error("what was ended is taken for compiled")
	}
}

// TestHashCoversWhatChecksImport asks the go command what the checks are made
// of: each of our files among it has to be part of the hash.
func TestHashCoversWhatChecksImport(t *testing.T) {
	root := grader(t).config.Root
	hashed := map[string]bool{}
	if err := eachFile(filepath.Join(root, "labs"), isLabOrTest, func(name string) error {
		hashed[name] = true
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	list := exec.Command("go", "list", "-deps", "-f",
		`{{if not .Standard}}{{range .GoFiles}}{{$.ImportPath}}/{{.}}{{"\n"}}{{end}}{{range .EmbedFiles}}{{$.ImportPath}}/{{.}}{{"\n"}}{{end}}{{end}}`, "./labs/check/...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for name := range strings.FieldsSeq(string(out)) {
		if ours, ok := strings.CutPrefix(name, "cnalab/"); ok {
			seen++
			if file, ok := strings.CutPrefix(ours, "labs/"); !ok || !hashed[file] {
				t.Errorf("%s is compiled into checks, and is not part of the hash", name)
			}
		}
	}
	if seen < 20 || hashed["check/proc/process_test.go"] || hashed["030-kafka/lab.yaml"] {
		t.Errorf("%d files are ours; hashed are %v", seen, hashed)
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
	report := grader(t).Run(t.Context(), request(verdicts(t), 5))
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

// TestFullDisk gives the compiler a folder for its work that is on a full disk.
func TestFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no disk that is always full")
	}
	g := grader(t)
	g.config.Cache = t.TempDir()
	bin := t.TempDir()
	edit(t, filepath.Join(bin, "go"), "#!/bin/sh\nif [ $1 = test ]; then cat /dev/zero > /dev/full; exit 1; fi\nexec "+realGo(t)+" \"$@\"\n")
	t.Setenv("LC_ALL", "C")
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	if err := os.Chmod(filepath.Join(bin, "go"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := g.Compile(t.Context(), verdicts(t))
	if p := labs.AsProblem(err); p.Kind != labs.Machine || p.Say != "There is no room to compile checks in." {
		t.Errorf("got %v", err)
	}
}

func realGo(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOldBuildsGo(t *testing.T) {
	g, l := grader(t), verdicts(t)
	g.config.Cache = t.TempDir()
	dir := filepath.Join(g.config.Cache, "checks")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	for i, name := range []string{"a", "b", "c", "d", "e"} {
		file := filepath.Join(dir, l.Folder+"-"+name+".test")
		edit(t, file, "")
		os.Chtimes(file, now, now.Add(-time.Duration(i)*time.Hour))
	}
	other := filepath.Join(dir, "002-other-z.test")
	edit(t, other, "")
	err := g.builds.Build(t.Context(), g.binary(l, "f"), func(draft string) error {
		edit(t, draft, "")
		return os.Chtimes(draft, now, now.Add(-9*time.Hour)) // the newest, whatever its clock says
	})
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		left = append(left, strings.TrimPrefix(entry.Name(), l.Folder))
	}
	if want := []string{"-a.test", "-b.test", "-c.test", "-d.test", "-f.test", "002-other-z.test"}; !slices.Equal(left, want) {
		t.Errorf("left %v, want %v", left, want)
	}
}
