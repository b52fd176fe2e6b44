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
	"cnalab/labs/environ"
	"cnalab/labs/process"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
)

// runner is a workspace and the sandbox that runs it.
type runner struct {
	*proof
	dir     string
	files   *os.Root
	written labs.Tree
	sandbox sandbox.Sandbox
}

// open writes a workspace to a new folder and opens a sandbox for it.
func (p *proof) open(ctx context.Context, tree labs.Tree) (*runner, error) {
	dir, err := os.MkdirTemp(p.Temp, "prove-"+p.lab.ID+"-")
	if err != nil {
		return nil, fmt.Errorf("make a workspace: %w", err)
	}
	r := &runner{proof: p, dir: dir}
	if r.dir, err = filepath.EvalSymlinks(dir); err == nil {
		err = r.fill(ctx, tree)
	}
	if err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *runner) fill(ctx context.Context, tree labs.Tree) (err error) {
	if r.files, err = os.OpenRoot(r.dir); err != nil {
		return fmt.Errorf("open the workspace: %w", err)
	}
	goMod, goSum, err := r.Module(r.Root)
	if err != nil {
		return fmt.Errorf("write the workspace's module: %w", err)
	}
	if err := (labs.Tree{"go.mod": goMod, "go.sum": goSum}).Write(r.files); err != nil {
		return err
	}
	if err := r.overlay(tree); err != nil {
		return err
	}
	r.sandbox, err = r.Provider.Open(ctx, sandbox.Request{Lab: r.lab, Learner: "prove", Workspace: r.dir})
	return err
}

func (r *runner) close() {
	if r.sandbox != nil {
		r.sandbox.Close()
	}
	if r.files != nil {
		r.files.Close()
	}
	os.RemoveAll(r.dir)
}

// check makes the workspace hold the tree, runs it, types what a learner
// would, and runs the step's checks.
func (r *runner) check(ctx context.Context, step int, tree labs.Tree, typed string) labs.Report {
	steps := []int{step}
	if err := r.overlay(tree); err != nil {
		return grade.Broken(r.lab, steps, labs.AsProblem(err))
	}
	if err := r.sandbox.Apply(ctx); err != nil {
		return grade.Broken(r.lab, steps, labs.AsProblem(err))
	}
	if err := r.typed(ctx, typed); err != nil {
		return grade.Broken(r.lab, steps, labs.AsProblem(err))
	}
	return r.Grader.Run(ctx, grade.Run{Lab: r.lab, Steps: steps, Environment: r.sandbox.Environment(), Workspace: r.dir})
}

// overlay makes the workspace hold the tree. What typed commands made stays, as
// it would for a learner.
func (r *runner) overlay(tree labs.Tree) error {
	before := r.written
	r.written = tree
	if err := tree.Write(r.files); err != nil {
		return err
	}
	return tree.Prune(r.files, func(name string) bool { return before[name] == nil })
}

// typed runs a solution's commands in the workspace.
func (r *runner) typed(ctx context.Context, script string) error {
	if strings.TrimSpace(script) == "" {
		return nil
	}
	cmd := exec.CommandContext(ctx, "sh", "-e", "-c", script)
	cmd.Dir = r.dir
	// What an author has set for Go is not what learners have.
	cmd.Env = environ.Shell(environ.Without(os.Environ(), environ.Build, environ.Runtime), r.sandbox.Environment())
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
