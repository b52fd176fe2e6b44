package embedded

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/embedded/child"
)

// service is the kind of part that is built from the workspace.
const service = "service"

// serviceMemory is how much memory a learner's service may take before it is
// ended: enough for any of the labs, too little to hurt the machine.
const serviceMemory = 1 << 30

// program is what a service's part runs now.
type program struct {
	path    string
	args    []string
	dir     string
	problem error // why there is none
}

// worker is a service: a part, and how to make what it runs.
type worker struct {
	*part
	box     *box
	program program // what was built last; guarded by the part's turn
	started string  // the path that was started last; the same guard
	env     []string
}

// newWorker makes a service that is neither built nor running.
func newWorker(b *box, name string) (*worker, error) {
	p, err := newPart(name, service, b.ground.folder, b.ground.feed.Publish)
	if err != nil {
		return nil, err
	}
	w := &worker{part: p, box: b}
	p.command = w.spec
	return w, nil
}

func (w *worker) spec() (child.Spec, error) {
	if w.program.problem != nil {
		return child.Spec{}, w.program.problem
	}
	w.started = w.program.path
	w.mu.Lock()
	w.given = len(w.program.args) > 0
	w.mu.Unlock()
	return child.Spec{Path: w.program.path, Args: w.program.args, Dir: w.program.dir, Env: w.env,
		Output: w.journal, Memory: serviceMemory, Lease: w.box.ground.lease}, nil
}

// build makes the program from what the workspace holds now. began is called
// where that takes the compiler.
func (w *worker) build(ctx context.Context, began func()) program {
	dir := filepath.Join(w.box.workspace, w.name)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(w.box.workspace); err != nil {
			return program{problem: missingWorkspace(err)}
		}
		path, err := w.box.provider.fixtures(ctx, w.box.stages)
		return program{path: path, args: []string{w.name}, dir: w.box.ground.folder, problem: err}
	}
	path, err := w.box.provider.services.Program(ctx, w.box.workspace, w.name, began)
	if errors.Is(err, fs.ErrNotExist) {
		err = missingWorkspace(err)
	}
	return program{path: path, dir: dir, problem: err}
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
	w.program = w.build(ctx, func() { w.set(sandbox.Building, "", "") })
	return w.told()
}

// told shows in the part's state that there is no program, and returns why.
func (w *worker) told() error {
	err := w.program.problem
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
	before := w.snapshot()
	built := w.build(ctx, func() { w.set(sandbox.Building, "", "") })
	if err := built.problem; err != nil && (ctx.Err() != nil || labs.AsProblem(err).Kind != labs.LearnerCode) {
		w.unchanged(before) // nothing was learned of the code
		return err
	}
	w.program = built
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
	same := w.program.path == w.started && w.snapshot().State != sandbox.Broken
	running := w.alive()
	fault := w.faulty()
	switch {
	case fault != "":
		w.broken(fault)
		return nil
	case same && w.answering(), same && !insist:
		return nil
	case same && running != nil:
		return w.await(ctx, running)
	}
	w.mu.Lock()
	w.tries = 0 // other code may do better
	w.mu.Unlock()
	return w.restart(ctx, changeGrace)
}
