package grade

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cnalab/labs"
	"cnalab/labs/cache"
	"cnalab/labs/gobuild"
	"cnalab/server/grade/testlog"
)

// keepBinaries is how many builds of one lab's checks stay in the cache.
const keepBinaries = 4

// Compile builds the lab's checks, or finds them built, and returns the
// binary's path. Callers that ask at the same time share one build, which goes
// on for the next caller where one gives up. Errors are *labs.Problem.
func (g *Grader) Compile(ctx context.Context, lab *labs.Lab) (string, error) {
	if binary := g.prebuilt(lab); binary != "" {
		return binary, nil
	}
	found, err := g.tool()
	if err != nil {
		return "", err
	}
	hash, err := g.contentHash(lab, found.version)
	if err != nil {
		return "", &labs.Problem{Kind: labs.NotFound, Err: err,
			Say:  fmt.Sprintf("The checks of lab %s cannot be read.", lab.Folder),
			Next: "See that the lab's folder is still there, with a checks folder in it."}
	}
	binary := g.binary(lab, hash)
	if cache.Kept(binary.Path) {
		return binary.Path, nil
	}
	built := make(chan error, 1)
	go func() { built <- g.build(lab, binary) }()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case err := <-built:
		return binary.Path, err
	}
}

func (g *Grader) binary(lab *labs.Lab, hash string) gobuild.Binary {
	return gobuild.Binary{
		Path: filepath.Join(g.config.Cache, "checks", fmt.Sprintf("%s-%s.test", lab.Folder, hash)),
		Kind: lab.Folder + "-*.test", Keep: keepBinaries,
	}
}

// build compiles what is not kept yet. It ends with the grader and not with
// who asked, and Close waits for it.
func (g *Grader) build(lab *labs.Lab, binary gobuild.Binary) error {
	g.under.RLock()
	defer g.under.RUnlock()
	if err := os.MkdirAll(filepath.Dir(binary.Path), 0o755); err != nil {
		return machineProblem("The folder for compiled checks cannot be made.", err)
	}
	err := g.builds.Build(g.life, binary, func(draft string) error { return g.compile(lab, draft) })
	var problem *labs.Problem
	switch {
	case err == nil:
		_, _ = g.test2json() // whoever runs the checks waits for it too, and tells what is wrong
		return nil
	case errors.As(err, &problem):
		return problem
	case g.life.Err() != nil:
		return interrupted
	}
	return machineProblem("The compiled checks cannot be kept.", err)
}

// compile writes the binary of the lab's checks to the path.
func (g *Grader) compile(lab *labs.Lab, to string) error {
	work, err := os.MkdirTemp(filepath.Dir(to), ".build-")
	if err != nil {
		return machineProblem("There is no room to compile checks in.", err)
	}
	defer os.RemoveAll(work)
	pkg, overlay, err := g.packagePath(lab, work)
	if err != nil {
		return machineProblem("There is no room to compile checks in.", err)
	}
	return g.goTest(g.life, lab, append(testFlags(to), append(overlay, pkg)...))
}

func testFlags(binary string) []string {
	return []string{"test", "-c", "-tags", "lab", "-vet=off", "-ldflags=-w", "-o", binary}
}

// goTest runs go test; env is more for it, as KEY=VALUE.
func (g *Grader) goTest(ctx context.Context, lab *labs.Lab, args []string, env ...string) error {
	command := g.goCommand(args...)
	command.Env = append(command.Env, env...)
	output, err := command.Run(ctx)
	if err == nil && strings.Contains(output, "[no test files]") {
		err = errors.New("no test files") // go test -c writes nothing, and says it succeeded
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return interrupted
	case errors.Is(err, context.DeadlineExceeded):
		return &labs.Problem{Kind: labs.Machine, Say: fmt.Sprintf("The checks of lab %s took too long to compile.", lab.Folder),
			Next: "Check again: the next time there is less to do.", Err: err}
	case labs.SaysFull(output):
		return machineProblem("There is no room to compile checks in.", err)
	}
	return &labs.Problem{Kind: labs.BadInput, Detail: testlog.InLab(lab.Folder, compilerLines(output)), Err: err,
		Say:  fmt.Sprintf("The checks of lab %s do not compile.", lab.Folder),
		Next: "This is not your doing. Tell the lab's author, or mend the lines below."}
}

// compilerLines are the lines that matter of what the compiler said.
func compilerLines(out string) string {
	var lines []string
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "# ") && !strings.HasPrefix(line, "FAIL\t") {
			lines = append(lines, strings.TrimRight(line, "\r\n"))
		}
	}
	return testlog.Bounded(strings.Join(lines, "\n"))
}

func machineProblem(say string, err error) *labs.Problem {
	return &labs.Problem{Kind: labs.Machine, Say: say, Err: err,
		Next: "See that the disk has room and that the data folder is yours to write; doctor tells more."}
}
