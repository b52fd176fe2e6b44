package gobuild

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"cnalab/labs"
)

func TestLanguageIsTheProjectsOwn(t *testing.T) {
	text, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if file, err := modfile.ParseLax("go.mod", text, nil); err != nil || file.Go.Version != language {
		t.Errorf("workspaces are written in Go %s, and builds take them for %s: %v", file.Go.Version, language, err)
	}
}

// What a learner writes in go.mod of Go's version changes nothing: the code
// below needs 1.22 for its loop and 1.26 for new.
func TestAModulesGoVersionIsOurs(t *testing.T) {
	const code = "package main\n\nfunc main() {\n\tfor range 2 {\n\t\tprint(*new(21))\n\t}\n}\n"
	for _, lines := range []string{"", "go 1.19\n", "go 1.22\n", "go 1.99\n", "go 1.26.0\n\ntoolchain go1.22.0\n", "go 1.26.0\n\ntoolchain go1.99.0\n"} {
		dir := module(t)
		goMod := "module shop\n\n" + lines
		put(t, dir, "go.mod", goMod)
		put(t, dir, "order/main.go", code)
		output, err := Command{Dir: dir, Args: []string{"run", "./order"}}.Run(t.Context())
		if err != nil || output != "2121" {
			t.Errorf("with %q it printed %q, %v", lines, output, err)
		}
		if text, _ := os.ReadFile(filepath.Join(dir, "go.mod")); string(text) != goMod {
			t.Errorf("go.mod is now %q", text)
		}
	}
}

func TestANewerGoLineThatTheToolchainHasStays(t *testing.T) {
	dir := module(t)
	own := strings.TrimPrefix(strings.TrimSpace(toolchain()), "go")
	put(t, dir, "go.mod", "module shop\n\ngo "+own+"\n")
	flags, remove := Pin(dir)
	defer remove()
	if flags != nil {
		t.Errorf("go %s is taken for another: %v", own, flags)
	}
}

func TestAGoModThatCannotBeReadIsSaid(t *testing.T) {
	dir := module(t)
	put(t, dir, "go.mod", "module shop\n\ngo banana\n")
	_, err := (&Builder{Cache: t.TempDir()}).Program(t.Context(), dir, "order", func() {})
	if problem := labs.AsProblem(err); !strings.HasPrefix(problem.Say, "Your go.mod cannot be read: go.mod:3: invalid go version") || !strings.Contains(problem.Next, "go "+language) {
		t.Errorf("it says %q %q", problem.Say, problem.Next)
	}
}

func TestPinLeavesNothing(t *testing.T) {
	dir := module(t)
	put(t, dir, "go.mod", "module shop\n\ngo 1.22\n")
	flags, remove := Pin(dir)
	if len(flags) != 1 {
		t.Fatalf("it is pinned by %v", flags)
	}
	remove()
	if _, err := os.Stat(strings.TrimPrefix(flags[0], "-modfile=")); !os.IsNotExist(err) {
		t.Errorf("after it there is %s, %v", flags[0], err)
	}
}

// A library that nobody fetched is named, and how to come by it.
func TestALibraryThatWasNeverFetchedIsNamed(t *testing.T) {
	const library = "example.com/missing/library"
	t.Setenv("GOMODCACHE", t.TempDir())
	sums := library + " v1.5.0 h1:1p67kYwdtXjb0gL0BPiP1Av9wiZPo5A8z2cWkTZ+eyU=\n" + library + " v1.5.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=\n"
	for name, c := range map[string]struct{ require, sums, say, next string }{
		"not required": {"", "", "Your code imports " + library + ",", "`go get " + library + "`"},
		"no sum":       {"\nrequire " + library + " v1.5.0\n", "", library, "`go get " + library + "`"},
		"not here":     {"\nrequire " + library + " v1.5.0\n", sums, library + " v1.5.0", "`go mod download`"},
	} {
		dir := module(t)
		put(t, dir, "go.mod", "module shop\n\ngo 1.26.0\n"+c.require)
		put(t, dir, "go.sum", c.sums)
		put(t, dir, "order/main.go", "package main\n\nimport _ \""+library+"\"\n\nfunc main() {}\n")
		_, err := (&Builder{Cache: t.TempDir()}).Program(t.Context(), dir, "order", func() {})
		problem := labs.AsProblem(err)
		if problem.Kind != labs.LearnerCode || !strings.Contains(problem.Say, c.say) || !strings.Contains(problem.Next, c.next) {
			t.Errorf("%s: it says %q %q, with %q", name, problem.Say, problem.Next, problem.Detail)
		}
	}
	if problem := ModuleProblem("./order/main.go:3:8: package shop/ordr is not in std\n"); problem != nil {
		t.Errorf("a misspelt package of one's own is taken for a library: %s", problem.Say)
	}
}
