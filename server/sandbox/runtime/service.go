package runtime

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// service is a part that runs a program, and how to make that.
type service struct {
	*Component
	sandbox     *Sandbox
	unbuilt     Program // what it runs, without the file
	built       Program // what was built last; guarded by the part's lock
	runningPath string  // the path that was started last; the same guard
}

// newService makes a service that is neither built nor running.
func newService(b *Sandbox, p placed) *service {
	w := &service{sandbox: b, unbuilt: b.stack.unbuilt(p)}
	w.Component = NewComponent(p.Definition, p.workload, b.stack, w.next)
	return w
}

// next is what the service's part starts now.
func (w *service) next() (Program, error) {
	if w.built.problem != nil {
		return Program{}, w.built.problem
	}
	w.runningPath = w.built.Path
	return w.built, nil
}

// build makes the program from what the workspace holds now. began is called
// where that takes the compiler.
func (w *service) build(ctx context.Context, began func()) Program {
	source, program := w.definition.Program, w.unbuilt
	if !source.Learner() {
		program.Dir = w.sandbox.stack.Folder()
		program.Path, program.problem = w.sandbox.Fixtures(ctx, w.sandbox.stages)
		return program
	}
	program.Dir = filepath.Join(w.sandbox.Workspace, source.Folder)
	if _, err := os.Stat(program.Dir); errors.Is(err, fs.ErrNotExist) {
		program.problem = missingFolder(w.sandbox.Workspace, source.Folder, err)
		return program
	}
	program.Path, program.problem = w.sandbox.Builder.Program(ctx, w.sandbox.Workspace, source.Folder, began)
	if errors.Is(program.problem, fs.ErrNotExist) {
		program.problem = missingWorkspace(program.problem)
	}
	return program
}

// missingFolder is the problem of a service whose folder is gone, or all of the
// workspace with it.
func missingFolder(workspace, folder string, err error) error {
	if _, gone := os.Stat(workspace); gone != nil {
		return missingWorkspace(gone)
	}
	return &labs.Problem{Kind: labs.LearnerCode, Say: fmt.Sprintf("Your workspace has no folder %s, so the service cannot be built.", folder),
		Next: "Undo its removal, or reset the step: what you have now is kept.", Err: err}
}

func missingWorkspace(err error) error {
	return &labs.Problem{Kind: labs.LearnerCode, Say: "Your workspace has no go.mod file.",
		Next: "Reset the lab: what you have now is kept.", Err: err}
}

// buildFirst builds the service for the first time; it is started later.
func (w *service) buildFirst(ctx context.Context) error {
	release, err := w.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	ctx, cancel := w.withLifetime(ctx)
	defer cancel()
	w.built = w.build(ctx, func() { w.set(sandbox.Building, "", "") })
	return w.showBuildFailure()
}

// showBuildFailure shows in the part's state that there is no program, and returns why.
func (w *service) showBuildFailure() error {
	err := w.built.problem
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	problem := labs.AsProblem(err)
	w.set(sandbox.Broken, problem.Say, problem.Detail)
	return err
}

// apply makes the service run what the workspace holds now. A service that
// ended by itself and whose code is the same is started at once where wait
// is true; else it comes back in its own time.
func (w *service) apply(ctx context.Context, wait bool) error {
	release, err := w.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	ctx, cancel := w.withLifetime(ctx)
	defer cancel()
	before := w.Snapshot()
	var preparing sync.WaitGroup
	built := w.build(ctx, func() {
		w.set(sandbox.Building, "", "")
		if w.workload.Prepare != nil {
			preparing.Go(func() { w.workload.Prepare(ctx, w.unbuilt) })
		}
	})
	preparing.Wait()
	if err := built.problem; err != nil && (ctx.Err() != nil || labs.AsProblem(err).Kind != labs.LearnerCode) {
		w.restoreState(before) // nothing was learned of the code
		return err
	}
	w.built = built
	if built.problem != nil {
		w.stop(changeGrace) // running on would show what the workspace no longer says
		return w.showBuildFailure()
	}
	w.restoreState(before)
	return w.refresh(ctx, wait)
}

// restoreState ends the state of building.
func (w *service) restoreState(before sandbox.Part) {
	w.mu.Lock()
	building := w.state == sandbox.Building
	w.mu.Unlock()
	if building {
		w.set(before.State, before.Say, before.Detail)
	}
}

// refresh starts what was built, unless it runs already or a fault keeps the
// part from running: healing starts it then.
func (w *service) refresh(ctx context.Context, wait bool) error {
	same := w.built.Path == w.runningPath && w.Snapshot().State != sandbox.Broken
	running := w.current()
	fault := w.activeFault()
	switch {
	case fault != "":
		w.setFault(fault)
		return nil
	case same && w.IsReady(), same && !wait:
		return nil
	case same && running != nil:
		return w.waitReady(ctx, running)
	}
	w.mu.Lock()
	w.restarts = 0 // other code may do better
	w.mu.Unlock()
	return w.restart(ctx, changeGrace)
}
