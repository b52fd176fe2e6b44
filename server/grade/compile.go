package grade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cnalab/labs"
	"cnalab/labs/cache"
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
	binary := filepath.Join(g.config.Cache, "checks", fmt.Sprintf("%s-%s.test", lab.Folder, hash))
	if cache.Used(binary) == nil {
		return binary, nil
	}
	shared := g.builds.DoChan(binary, func() (any, error) { return nil, g.build(lab, binary) })
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case result := <-shared:
		return binary, result.Err
	}
}

// build compiles beside the binary's place and renames, so that whoever finds
// it finds all of it.
func (g *Grader) build(lab *labs.Lab, binary string) error {
	g.under.RLock()
	defer g.under.RUnlock()
	if err := os.MkdirAll(filepath.Dir(binary), 0o755); err != nil {
		return machineProblem("The folder for compiled checks cannot be made.", err)
	}
	work, err := os.MkdirTemp(filepath.Dir(binary), ".build-")
	if err != nil {
		return machineProblem("There is no room to compile checks in.", err)
	}
	defer os.RemoveAll(work)
	pkg, overlay, err := g.packagePath(lab, work)
	if err != nil {
		return machineProblem("There is no room to compile checks in.", err)
	}
	fresh := filepath.Join(work, "checks.test")
	args := append(testFlags(fresh), overlay...)
	if err := g.compile(lab, append(args, pkg)); err != nil {
		return err
	}
	if err := os.Rename(fresh, binary); err != nil {
		return machineProblem("The compiled checks cannot be kept.", err)
	}
	g.prune(lab, binary)
	return nil
}

func testFlags(binary string) []string {
	return []string{"test", "-c", "-tags", "lab", "-vet=off", "-ldflags=-w", "-o", binary}
}

// compile runs go test; env is more for it, as KEY=VALUE.
func (g *Grader) compile(lab *labs.Lab, args []string, env ...string) error {
	cmd := g.goBuild(g.life, args...)
	cmd.Env = append(cmd.Env, env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if err == nil && strings.Contains(out.String(), "[no test files]") {
		err = errors.New("no test files") // go test -c writes nothing, and says it succeeded
	}
	switch {
	case err == nil:
		return nil
	case g.life.Err() != nil:
		return interrupted
	case strings.Contains(strings.ToLower(out.String()), "no space left on device"):
		return machineProblem("There is no room to compile checks in.", err)
	}
	return &labs.Problem{Kind: labs.BadInput, Detail: inLab(lab, compilerLines(out.String())), Err: err,
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
	return bounded(strings.Join(lines, "\n"))
}

// prune removes the oldest builds of the lab's checks.
func (g *Grader) prune(lab *labs.Lab, newest string) {
	cache.Prune(filepath.Dir(newest), lab.Folder+"-*.test", keepBinaries, newest)
}

func machineProblem(say string, err error) *labs.Problem {
	return &labs.Problem{Kind: labs.Machine, Say: say, Err: err,
		Next: "See that the disk has room and that the data folder is yours to write; doctor tells more."}
}
