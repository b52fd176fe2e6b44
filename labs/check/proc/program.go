package proc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/gobuild"
)

const (
	buildTimeout = 50 * time.Second
	keptBuilds   = 12 // of one program's name, over all labs
)

// Program is a main package of the learner's module, built.
type Program struct {
	Name   string // its folder below the workspace: "consume"
	binary string
	flags  []string // of go build
	c      *check.C
}

// Build builds the main package in that folder of the workspace; where the
// workspace is as it was at the last build, there is nothing to do. The check
// ends as not yet where there is no such program, and as could not check
// where it does not build.
func Build(c *check.C, dir string) *Program {
	c.Helper()
	return buildWith(c, dir, "program-")
}

// BuildService is Build for a service of the sandbox, of which a check wants a
// process of its own. It is built as the sandbox builds it, so that what it
// imports is compiled already.
func BuildService(c *check.C, dir string) *Program {
	c.Helper()
	return buildWith(c, dir, "service-", "-trimpath")
}

func buildWith(c *check.C, dir, kind string, flags ...string) *Program {
	c.Helper()
	files := c.Files()
	if !files.Has(dir) {
		c.NotYet(check.Finding{
			Say: "There is no folder " + dir + " in the workspace.", Want: "a program in " + dir,
			Next: "Make the folder, or reset it to get it back.",
		})
	}
	if problem := gobuild.Contained(c.Workspace()); problem != nil {
		c.CouldNotCheck(check.Finding{Say: problem.Say, Next: problem.Next})
	}
	// The compiler writes the workspace's place into what it builds.
	sum := sha256.Sum256([]byte(runtime.Version() + files.Hash() + c.Workspace()))
	name := kind + strings.ReplaceAll(dir, "/", "-") + "-"
	p := &Program{Name: dir, c: c, flags: flags, binary: filepath.Join(c.Cache(), name+hex.EncodeToString(sum[:8]))}
	if runtime.GOOS == "windows" {
		p.binary += ".exe"
	}
	p.build(gobuild.Binary{Path: p.binary, Kind: name + "*", Keep: keptBuilds})
	return p
}

// builds has checks that run at the same time share what they need.
var builds gobuild.Group

// notMain is the name of a package that is no program.
type notMain string

func (pkg notMain) Error() string { return "package " + string(pkg) }

func (p *Program) build(binary gobuild.Binary) {
	p.c.Helper()
	workspace := p.c.Workspace()
	err := builds.Build(p.c.Context, binary, func(draft string) error {
		return compile(p.c.Context, workspace, p.Name, draft, p.flags)
	})
	if err == nil {
		return
	}
	if pkg, ok := errors.AsType[notMain](err); ok {
		p.c.NotYet(check.Finding{
			Say: "The folder " + p.Name + " holds no program.", Got: pkg.Error(), Want: "package main", At: p.Name,
		})
	}
	if errors.Is(err, context.DeadlineExceeded) {
		p.c.CouldNotCheck(check.Finding{
			Say: fmt.Sprintf("Building %s took longer than %s.", p.Name, buildTimeout), Next: "Check again.",
		})
	}
	failed, ok := errors.AsType[*gobuild.Failure](err)
	if !ok {
		p.c.Must(err, "The program "+p.Name+" could not be kept.")
	}
	if _, ran := errors.AsType[*exec.ExitError](err); !ran {
		p.c.Must(err, "The go command could not be started.")
	}
	output := strings.TrimSpace(failed.Output)
	if problem := gobuild.ModuleProblem(failed.Output); problem != nil {
		p.c.CouldNotCheck(check.Finding{Say: problem.Say, At: firstPlace(output), Next: problem.Next,
			Output: check.FirstLines(output, check.OutputLines)})
	}
	p.c.CouldNotCheck(check.Finding{
		Say: "The program " + p.Name + " does not build.", At: firstPlace(output),
		Next: "Mend what the compiler names, then check again.", Output: check.FirstLines(output, check.OutputLines),
	})
}

// compile writes the program in that folder of the workspace to the path. It
// runs for all checks that wait for it, so it ends none of them.
func compile(ctx context.Context, workspace, dir, to string, flags []string) error {
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	list := gobuild.Command{Dir: workspace, Args: []string{"list", "-f", "{{.Name}}", "./" + dir}}
	out, err := list.Run(ctx)
	if pkg := strings.TrimSpace(out); err == nil && pkg != "main" {
		return notMain(pkg)
	}
	args := append([]string{"build", "-ldflags=-s -w", "-buildvcs=false", "-o", to}, flags...)
	build := gobuild.Command{Dir: workspace, Args: append(args, "./"+dir)}
	_, err = build.Run(ctx)
	return err
}

var place = regexp.MustCompile(`(?m)^(?:\./)?([\w./-]+\.go:\d+)`)

// firstPlace finds the first FILE:LINE in what the compiler said.
func firstPlace(output string) string {
	if found := place.FindStringSubmatch(output); found != nil {
		return found[1]
	}
	return ""
}
