package box

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// service is the kind of part that is built from the workspace.
const service = "service"

// worker is a service: a part, and how to make what it runs.
type worker struct {
	*Part
	box     *Box
	built   Program // what was built last; guarded by the part's turn
	started string  // the path that was started last; the same guard
	env     []string
}

// newWorker makes a service that is neither built nor running.
func newWorker(b *Box, name string) (*worker, error) {
	slot, err := b.ground.Slot(name)
	if err != nil {
		return nil, err
	}
	w := &worker{box: b}
	w.Part = NewPart(name, service, b.ground.Folder(), slot, b.ground.Feed(), w.next)
	return w, nil
}

// next is what the service's part starts now.
func (w *worker) next() (Program, error) {
	if w.built.problem != nil {
		return Program{}, w.built.problem
	}
	w.started = w.built.Path
	w.mu.Lock()
	w.given = len(w.built.Args) > 0
	w.mu.Unlock()
	program := w.built
	program.Env = w.env
	return program, nil
}

// build makes the program from what the workspace holds now. began is called
// where that takes the compiler.
func (w *worker) build(ctx context.Context, began func()) Program {
	dir := filepath.Join(w.box.Workspace, w.name)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(w.box.Workspace); err != nil {
			return Program{problem: missingWorkspace(err)}
		}
		path, err := w.box.Fixtures(ctx, w.box.stages)
		return Program{Path: path, Args: []string{w.name}, Dir: w.box.ground.Folder(), problem: err}
	}
	path, err := w.box.Builder.Program(ctx, w.box.Workspace, w.name, began)
	if errors.Is(err, fs.ErrNotExist) {
		err = missingWorkspace(err)
	}
	return Program{Path: path, Dir: dir, problem: err}
}

func missingWorkspace(err error) error {
	return &labs.Problem{Kind: labs.LearnerCode, Say: "Your workspace has no go.mod file.",
		Next: "Reset the lab: what you have now is kept.", Err: err}
}

// prepare builds the service for the first time; it is started later.
func (w *worker) prepare(ctx context.Context) error {
	release, err := w.take(ctx)
	if err != nil {
		return err
	}
	defer release()
	ctx, cancel := w.lifelong(ctx)
	defer cancel()
	w.built = w.build(ctx, func() { w.set(sandbox.Building, "", "") })
	return w.told()
}

// told shows in the part's state that there is no program, and returns why.
func (w *worker) told() error {
	err := w.built.problem
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	problem := labs.AsProblem(err)
	w.set(sandbox.Broken, problem.Say, problem.Detail)
	return err
}

// apply makes the service run what the workspace holds now. A service that
// ended by itself and whose code is the same is started at once where insist
// is true; else it comes back in its own time.
func (w *worker) apply(ctx context.Context, insist bool) error {
	release, err := w.take(ctx)
	if err != nil {
		return err
	}
	defer release()
	ctx, cancel := w.lifelong(ctx)
	defer cancel()
	before := w.Snapshot()
	built := w.build(ctx, func() {
		w.set(sandbox.Building, "", "")
		if w.slot.Prepare != nil {
			w.slot.Prepare()
		}
	})
	if err := built.problem; err != nil && (ctx.Err() != nil || labs.AsProblem(err).Kind != labs.LearnerCode) {
		w.unchanged(before) // nothing was learned of the code
		return err
	}
	w.built = built
	if built.problem != nil {
		w.stop(changeGrace) // running on would show what the workspace no longer says
		return w.told()
	}
	w.unchanged(before)
	return w.refresh(ctx, insist)
}

// unchanged ends the state of building.
func (w *worker) unchanged(before sandbox.Part) {
	w.mu.Lock()
	building := w.state == sandbox.Building
	w.mu.Unlock()
	if building {
		w.set(before.State, before.Say, before.Detail)
	}
}

// refresh starts what was built, unless it runs already or a fault keeps the
// part from running: healing starts it then.
func (w *worker) refresh(ctx context.Context, insist bool) error {
	same := w.built.Path == w.started && w.Snapshot().State != sandbox.Broken
	running := w.alive()
	fault := w.faulty()
	switch {
	case fault != "":
		w.broken(fault)
		return nil
	case same && w.Answering(), same && !insist:
		return nil
	case same && running != nil:
		return w.await(ctx, running)
	}
	w.mu.Lock()
	w.tries = 0 // other code may do better
	w.mu.Unlock()
	return w.restart(ctx, changeGrace)
}
