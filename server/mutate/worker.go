package mutate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"cnalab/labs"
	"cnalab/server/mutate/mutant"
	"cnalab/server/sandbox"
	"cnalab/server/testbed"
)

// worker tries mutants in one sandbox.
type worker struct {
	*stepRun
	*testbed.Workspace
	control  string          // the folder by which the program with all mutants is told
	program  *mutant.Program // nil where it cannot be had: then each mutant is built
	reached  map[string]bool // which of its functions the checks come to
	restores bool            // what the parts store can be brought back
	used     bool            // something was typed in the sandbox
}

// open opens a sandbox with the solution and tries the solution in it.
func (s *stepRun) open(ctx context.Context) (*worker, error) {
	w := &worker{stepRun: s}
	var err error
	if w.control, err = os.MkdirTemp(s.Temp, "control-"); err != nil {
		return nil, fmt.Errorf("make a control folder: %w", err)
	}
	if err := os.Chmod(w.control, 0o777); err != nil { // learners' programs run as another user
		return nil, err
	}
	w.program = s.source.Program(s.mutants, w.control)
	if err := w.begin(ctx); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// begin sees that the solution passes: as it is, and with all mutants in it and
// none chosen.
func (w *worker) begin(ctx context.Context) error {
	if err := w.reopen(ctx); err != nil {
		return err
	}
	w.restores = w.Sandbox.Snapshot(ctx) == nil
	found, err := w.judge(ctx, w.solved, w.last())
	if err != nil || found != nil {
		return cannot(w.lab, w.number, found, err)
	}
	if len(w.program.Files) == 0 { // there is nothing to choose in
		w.program = nil
		return nil
	}
	if found, err := w.judge(ctx, w.withAll(), w.last()); err != nil || found != nil {
		w.program = nil // a check reads the text itself
		return ctx.Err()
	}
	return w.look()
}

// look notes which functions the checks have come to with no mutant chosen.
func (w *worker) look() error {
	entries, err := os.ReadDir(w.control)
	w.reached = map[string]bool{}
	for _, e := range entries {
		w.reached[e.Name()] = true
	}
	return err
}

// reopen opens a sandbox, in place of the one there may be, and types what a
// learner has typed before this step.
func (w *worker) reopen(ctx context.Context) (err error) {
	if w.Workspace != nil {
		w.Workspace.Close()
	}
	if w.Workspace, err = testbed.Open(ctx, w.Config.Config, w.lab, w.solved); err != nil {
		return err
	}
	return w.typeBefore(ctx)
}

// typeBefore types what a learner has typed before this step.
func (w *worker) typeBefore(ctx context.Context) error {
	w.used = false
	return w.Replay(ctx, w.trees, w.typed[:len(w.typed)-1])
}

// cannot is why no mutant can be tried.
func cannot(lab *labs.Lab, step int, found *labs.CheckReport, err error) error {
	if err != nil {
		return err
	}
	return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("The solution of step %d of lab %s does not pass, so its mutants prove nothing.", step, lab.Folder),
		Next: "See what labs prove says of it.", Detail: strings.TrimSpace(found.Name + ": " + found.Say + "\n" + found.Output)}
}

func (w *worker) close() {
	if w.Workspace != nil {
		w.Workspace.Close()
	}
	os.RemoveAll(w.control)
}

// withAll is the workspace with all mutants in it.
func (w *worker) withAll() labs.Tree {
	files := labs.Tree{}
	for name, text := range w.program.Files {
		files[name] = []byte(text)
	}
	return w.solved.With(labs.Overlay{Files: files})
}

// try tries the mutant: chosen in the program that has them all, where it can
// be, and by itself before it is said to survive.
func (w *worker) try(ctx context.Context, i int) (Result, error) {
	m := w.mutants[i]
	result := Result{ID: m.ID(), Kind: m.Kind, At: fmt.Sprintf("%s:%d", m.File, m.Line), Diff: m.Diff(), Outcome: Caught, Reached: true}
	if w.program != nil && w.program.Reached(m) != "" {
		if result.Reached = w.reached[w.program.Reached(m)]; result.Reached {
			found, err := w.chosen(ctx, i)
			if err != nil || found != nil {
				result.caught(found)
				return result, err
			}
		}
	}
	if result.Reached {
		found, err := w.judge(ctx, w.alone(m), w.typing(m))
		if err != nil || found != nil {
			result.caught(found)
			return result, err
		}
	}
	result.Outcome = Survived
	if reason, known := w.equal[m.ID()]; known {
		result.Outcome, result.Reason = Equal, reason
	}
	return result, nil
}

func (r *Result) caught(by *labs.CheckReport) {
	if by != nil {
		r.By, r.Say = by.Name, by.Say
	}
}

// alone is the workspace with one mutant, as a learner would have written it.
func (w *worker) alone(m mutant.Mutant) labs.Tree {
	files := labs.Tree{}
	for name, text := range m.Files() {
		if name != typedFile {
			files[name] = []byte(text)
		}
	}
	return w.solved.With(labs.Overlay{Files: files})
}

// typing is what a learner types who makes the mutant's fault.
func (w *worker) typing(m mutant.Mutant) string {
	if m.File == typedFile {
		return m.Files()[typedFile]
	}
	return w.last()
}

// last is what a learner types for the step.
func (w *worker) last() string { return w.typed[len(w.typed)-1] }

// chosen asks the checks with the mutant chosen in the program that has all.
func (w *worker) chosen(ctx context.Context, i int) (*labs.CheckReport, error) {
	file := filepath.Join(w.control, "chosen")
	if err := os.WriteFile(file, []byte(mutant.Choice(i)), 0o644); err != nil {
		return nil, err
	}
	defer os.Remove(file)
	return w.judge(ctx, w.withAll(), w.last())
}

// judge returns the first check that does not pass with the workspace and what
// is typed, and nil where all do.
func (w *worker) judge(ctx context.Context, tree labs.Tree, typed string) (*labs.CheckReport, error) {
	if err := w.reset(ctx); err != nil {
		return nil, err
	}
	if err := w.Apply(ctx, tree); err != nil {
		return &labs.CheckReport{Name: "build and start", Verdict: labs.CouldNotCheck, Say: labs.AsProblem(err).Say}, ctx.Err()
	}
	if err := w.Type(ctx, typed); err != nil {
		return &labs.CheckReport{Name: "run.sh", Verdict: labs.CouldNotCheck, Say: labs.AsProblem(err).Say}, ctx.Err()
	}
	asking, stop := context.WithCancel(ctx)
	defer stop()
	var found *labs.CheckReport
	w.Ask(asking, func(_ int, c labs.CheckReport) {
		if found == nil && c.Verdict != "" && c.Verdict != labs.Passed {
			found = &c
			stop() // one is enough
		}
	}, w.steps()...)
	return found, ctx.Err()
}

// reset has what one mutant leaves not decide of the next: what a check had
// broken when it was stopped is healed, and what the parts stored at the
// beginning comes back, which starts the services anew. Where that cannot be
// the services alone are, and if commands were typed, what they made is cleared,
// or the sandbox is another.
func (w *worker) reset(ctx context.Context) error {
	for _, part := range w.Sandbox.Parts() {
		switch part.State {
		case sandbox.Paused, sandbox.Slowed, sandbox.Severed, sandbox.Stopped:
			if err := w.Sandbox.Heal(ctx, part.Name); err != nil {
				return err
			}
		}
	}
	if w.restores {
		return w.Sandbox.Restore(ctx)
	}
	w.restart(ctx)
	typed := slices.ContainsFunc(w.typed, func(script string) bool { return script != "" })
	if w.used && typed && (!w.Clear(ctx) || w.typeBefore(ctx) != nil) {
		if err := w.reopen(ctx); err != nil {
			return err
		}
	}
	w.used = true
	return nil
}

// restart starts the services anew: one that runs has read which mutant is
// chosen, and does not ask again. One that does not start is told of by Apply.
func (w *worker) restart(ctx context.Context) {
	var all sync.WaitGroup
	for _, part := range w.Sandbox.Parts() {
		if part.Kind != labs.KindService {
			continue
		}
		all.Go(func() {
			if err := w.Sandbox.Fault(ctx, part.Name, sandbox.Fault{Kind: labs.Kill}); err == nil {
				_ = w.Sandbox.Heal(ctx, part.Name)
			}
		})
	}
	all.Wait()
}
