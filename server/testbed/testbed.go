// Package testbed opens a sandbox for a workspace that nobody keeps, writes one
// answer after another into it and asks the checks: what a proof and a run of
// mutants do. It knows nothing of what is tried, or which verdict is wanted.
package testbed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"cnalab/labs"
	"cnalab/labs/environ"
	"cnalab/labs/process"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
)

// Grader runs a lab's checks; package grade has the real one.
type Grader interface {
	Run(ctx context.Context, run grade.Run) labs.Report
}

// Config says what to try with.
type Config struct {
	Provider sandbox.Provider
	Grader   Grader
	Root     string                                             // the module's root, where go.mod is
	Temp     string                                             // where workspaces are written; empty means the system's
	Module   func(root string) (goMod, goSum []byte, err error) // the workspace's module files
}

// Workspace is a folder of files, and the sandbox that runs it.
type Workspace struct {
	Sandbox sandbox.Sandbox
	Dir     string // of the workspace, absolute and without links
	config  Config
	lab     *labs.Lab
	files   *os.Root
	written labs.Tree
}

// Open writes a workspace to a new folder and opens a sandbox for it.
func Open(ctx context.Context, config Config, lab *labs.Lab, tree labs.Tree) (*Workspace, error) {
	dir, err := os.MkdirTemp(config.Temp, "testbed-"+lab.ID+"-")
	if err != nil {
		return nil, fmt.Errorf("make a workspace: %w", err)
	}
	w := &Workspace{config: config, lab: lab, Dir: dir}
	if w.Dir, err = filepath.EvalSymlinks(dir); err == nil {
		err = w.fill(ctx, tree)
	}
	if err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *Workspace) fill(ctx context.Context, tree labs.Tree) (err error) {
	if w.files, err = os.OpenRoot(w.Dir); err != nil {
		return fmt.Errorf("open the workspace: %w", err)
	}
	if err := w.config.WriteModule(w.files); err != nil {
		return err
	}
	if err := w.write(tree); err != nil {
		return err
	}
	w.Sandbox, err = w.config.Provider.Open(ctx, sandbox.Request{Lab: w.lab, Learner: "testbed", Workspace: w.Dir})
	return err
}

// WriteModule writes a workspace's module files.
func (c Config) WriteModule(workspace *os.Root) error {
	goMod, goSum, err := c.Module(c.Root)
	if err != nil {
		return fmt.Errorf("write the workspace's module: %w", err)
	}
	return labs.Tree{"go.mod": goMod, "go.sum": goSum}.Write(workspace)
}

// Close ends the sandbox and removes the workspace.
func (w *Workspace) Close() {
	if w.Sandbox != nil {
		w.Sandbox.Close()
	}
	if w.files != nil {
		w.files.Close()
	}
	os.RemoveAll(w.Dir)
}

// Apply makes the workspace hold the tree, and runs it.
func (w *Workspace) Apply(ctx context.Context, tree labs.Tree) error {
	if err := w.write(tree); err != nil {
		return err
	}
	return w.Sandbox.Apply(ctx)
}

// Check makes the workspace hold the tree, runs it, types what a learner
// would, and runs the step's checks.
func (w *Workspace) Check(ctx context.Context, step int, tree labs.Tree, typed string) labs.Report {
	if err := w.Apply(ctx, tree); err != nil {
		return grade.Broken(w.lab, []int{step}, labs.AsProblem(err))
	}
	if err := w.Type(ctx, typed); err != nil {
		return grade.Broken(w.lab, []int{step}, labs.AsProblem(err))
	}
	return w.Ask(ctx, nil, step)
}

// Ask runs the steps' checks on what there is; events is told of each, and may
// be nil.
func (w *Workspace) Ask(ctx context.Context, events func(step int, c labs.CheckReport), steps ...int) labs.Report {
	return w.config.Grader.Run(ctx, grade.Run{Lab: w.lab, Steps: steps, Environment: w.Sandbox.Environment(), Workspace: w.Dir, Events: events})
}

// write makes the workspace hold the tree. What typed commands made stays, as
// it would for a learner.
func (w *Workspace) write(tree labs.Tree) error {
	before := w.written
	w.written = tree
	if err := tree.Write(w.files); err != nil {
		return err
	}
	return tree.Prune(w.files, func(name string) bool { return before[name] == nil })
}

// typing is how long a solution's commands may take together: one that never
// comes back keeps a learner's terminal, too.
const typing = 3 * time.Minute

// Type runs a solution's commands in the workspace.
func (w *Workspace) Type(ctx context.Context, script string) error {
	if strings.TrimSpace(script) == "" {
		return nil
	}
	out, err := w.Run(ctx, "sh", script, typing)
	if err == nil {
		return nil
	}
	problem := &labs.Problem{Kind: labs.BadInput, Say: "The commands of run.sh do not work.",
		Next: "Type them in a sandbox's terminal, and mend the one that fails.", Detail: out, Err: err}
	if ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) {
		problem.Say = fmt.Sprintf("The commands of run.sh did not end within %.0f minutes.", typing.Minutes())
	}
	if errors.Is(err, exec.ErrNotFound) {
		problem.Kind, problem.Next = labs.Machine, "Install a shell that is called sh."
	}
	return problem
}

// Replay types what a learner has typed step by step; trees[i] is what the files
// were when typed[i] was typed.
func (w *Workspace) Replay(ctx context.Context, trees []labs.Tree, typed []string) error {
	for i, script := range typed {
		if script == "" {
			continue
		}
		if err := w.Apply(ctx, trees[i]); err != nil {
			return err
		}
		if err := w.Type(ctx, script); err != nil {
			return err
		}
	}
	return nil
}

// Run runs a script in the workspace, up to the first command that fails, and
// returns what it printed. The error is context.DeadlineExceeded where it ran
// longer than the limit; whatever it started ends with it.
func (w *Workspace) Run(ctx context.Context, shell, script string, limit time.Duration) (says string, err error) {
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(bounded, shell, "-e", "-c", script)
	cmd.Dir = w.Dir
	cmd.Env = environ.Script(w.Sandbox.Environment())
	cmd.WaitDelay = time.Second // for what holds its output
	process.EndTogether(cmd)
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, exec.ErrWaitDelay): // it ended well, and left something behind
		err = nil
	case err != nil && bounded.Err() != nil:
		err = bounded.Err()
	}
	return string(out), err
}
