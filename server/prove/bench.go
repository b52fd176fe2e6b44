package prove

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"cnalab/labs"
	"cnalab/labs/process"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
)

// bench is a workspace and the sandbox that runs it.
type trialRunner struct {
	*proof
	dir     string
	files   *os.Root
	laid    labs.Tree
	sandbox sandbox.Sandbox
}

// open lays a workspace in a new folder and opens a sandbox for it.
func (p *proof) open(ctx context.Context, tree labs.Tree) (*trialRunner, error) {
	dir, err := os.MkdirTemp(p.Temp, "prove-"+p.lab.ID+"-")
	if err != nil {
		return nil, fmt.Errorf("make a workspace: %w", err)
	}
	b := &trialRunner{proof: p, dir: dir}
	if b.dir, err = filepath.EvalSymlinks(dir); err == nil {
		err = b.fill(ctx, tree)
	}
	if err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *trialRunner) fill(ctx context.Context, tree labs.Tree) (err error) {
	if b.files, err = os.OpenRoot(b.dir); err != nil {
		return fmt.Errorf("open the workspace: %w", err)
	}
	goMod, goSum, err := b.Module(b.Root)
	if err != nil {
		return fmt.Errorf("write the workspace's module: %w", err)
	}
	if err := (labs.Tree{"go.mod": goMod, "go.sum": goSum}).Write(b.files); err != nil {
		return err
	}
	if err := b.overlay(tree); err != nil {
		return err
	}
	b.sandbox, err = b.Provider.Open(ctx, sandbox.Request{Lab: b.lab, Learner: "prove", Workspace: b.dir})
	return err
}

func (b *trialRunner) close() {
	if b.sandbox != nil {
		b.sandbox.Close()
	}
	if b.files != nil {
		b.files.Close()
	}
	os.RemoveAll(b.dir)
}

// check makes the workspace hold the tree, runs it, types what a learner
// would, and runs the step's checks.
func (b *trialRunner) check(ctx context.Context, step int, tree labs.Tree, typed string) labs.Report {
	steps := []int{step}
	if err := b.overlay(tree); err != nil {
		return grade.Broken(b.lab, steps, labs.AsProblem(err))
	}
	if err := b.sandbox.Apply(ctx); err != nil {
		return grade.Broken(b.lab, steps, labs.AsProblem(err))
	}
	if err := b.typed(ctx, typed); err != nil {
		return grade.Broken(b.lab, steps, labs.AsProblem(err))
	}
	return b.Grader.Run(ctx, grade.Run{Lab: b.lab, Steps: steps, Environment: b.sandbox.Environment(), Workspace: b.dir})
}

// lay makes the workspace hold the tree. What typed commands made stays, as
// it would for a learner.
func (b *trialRunner) overlay(tree labs.Tree) error {
	before := b.laid
	b.laid = tree
	if err := tree.Write(b.files); err != nil {
		return err
	}
	return tree.Prune(b.files, func(name string) bool { return before[name] == nil })
}

// typed runs a solution's commands in the workspace.
func (b *trialRunner) typed(ctx context.Context, script string) error {
	if strings.TrimSpace(script) == "" {
		return nil
	}
	cmd := exec.CommandContext(ctx, "sh", "-e", "-c", script)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), b.sandbox.Environment()...)
	process.EndTogether(cmd)
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	problem := &labs.Problem{Kind: labs.BadInput, Say: "The commands of run.sh do not work.",
		Next: "Type them in a sandbox's terminal, and mend the one that fails.", Detail: string(out), Err: err}
	if errors.Is(err, exec.ErrNotFound) {
		problem.Kind, problem.Next = labs.Machine, "Install a shell that is called sh."
	}
	return problem
}
