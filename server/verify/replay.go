package verify

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"cnalab/labs"
	"cnalab/labs/process"
	"cnalab/server/handin"
	"cnalab/server/handin/objects"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/session"
)

// replay does a hand-in again: for each step, in the order in which they passed,
// it writes the files as they were, does the commands that had ended well, makes
// what is still missing, and has the step checked.
type replay struct {
	Config
	session *session.Session
	lab     *labs.Lab
	final   labs.Tree    // the files as they were handed in
	written labs.Tree    // what the workspace holds now of them
	sandbox time.Time    // of the learner's, that is done again in the open one
	shell   *replayShell // in the open sandbox; nil before

	isolation labs.Isolation // of the commands; empty where none was done
}

// again checks the steps, or all where none are named. Those before a named one
// are done, and not checked.
func (c Config) again(ctx context.Context, s *session.Session, lab *labs.Lab, steps []int) (labs.Report, error) {
	r := &replay{Config: c, session: s, lab: lab}
	defer r.close()
	var err error
	if r.final, err = handin.Files(c.Workspace); err != nil {
		return labs.Report{}, err
	}
	r.written = r.final
	report := labs.Report{Lab: lab.ID, Steps: []labs.StepReport{}}
	for _, step := range r.all(steps) {
		notes, err := r.step(ctx, step)
		if err != nil {
			return report, err
		}
		if len(steps) > 0 && !slices.Contains(steps, step.Number) {
			continue
		}
		checked, err := r.checkStep(ctx, step.Number, notes)
		report.Isolation = weaker(report.Isolation, checked.Isolation)
		if err != nil {
			return report, err
		}
		report.Steps = append(report.Steps, checked.Steps...)
	}
	report.Isolation = weaker(report.Isolation, r.isolation)
	slices.SortFunc(report.Steps, func(a, b labs.StepReport) int { return a.Step - b.Step })
	report.Conclude()
	return report, nil
}

// checkStep has the step checked in the sandbox as it is now.
func (r *replay) checkStep(ctx context.Context, step int, notes []string) (labs.Report, error) {
	report, err := r.session.Check(ctx, step)
	for i := range report.Steps {
		report.Steps[i].Notes = notes
	}
	return report, err
}

// all are the steps that were recorded, and after them those that were not, up
// to the last that is wanted.
func (r *replay) all(wanted []int) (steps []handin.Step) {
	for _, step := range r.Steps {
		if r.lab.Step(step.Number) != nil {
			steps = append(steps, step)
		}
	}
	for _, step := range r.lab.Steps {
		if !slices.ContainsFunc(steps, func(s handin.Step) bool { return s.Number == step.Number }) {
			steps = append(steps, handin.Step{Number: step.Number})
		}
	}
	if len(wanted) == 0 {
		return steps
	}
	last := 0
	for i, step := range steps {
		if slices.Contains(wanted, step.Number) {
			last = i
		}
	}
	return steps[:last+1]
}

// step does one step again; the notes are what could not be done.
func (r *replay) step(ctx context.Context, step handin.Step) (notes []string, err error) {
	if err := r.sandboxOf(ctx, step); err != nil {
		return nil, err
	}
	here, err := objects.Names(ctx, r.session.Environment(), r.Workspace)
	if err != nil {
		return nil, err
	}
	rename := renamer(step.Names, here)
	if err := r.write(step, rename); err != nil {
		return nil, err
	}
	done, notes := r.commands(ctx, step, rename)
	held := objects.Objects{Compose: []byte(rename.Replace(string(step.Compose))), Manifest: []byte(rename.Replace(string(step.Objects)))}
	notes = append(notes, held.Restore(ctx, r.shell.environment, r.Workspace, done == 0, r.shell.isolation)...)
	return notes, ctx.Err()
}

// commands does again what was typed and had ended well; the notes are what
// does not now.
func (r *replay) commands(ctx context.Context, step handin.Step, rename *strings.Replacer) (done int, notes []string) {
	for _, c := range step.Commands {
		if c.Exit != 0 || ctx.Err() != nil {
			continue
		}
		c.Line, done = rename.Replace(c.Line), done+1
		if note := r.shell.do(ctx, c); note != "" {
			notes = append(notes, note)
		}
	}
	if done > 0 {
		r.isolation = labs.Isolation(process.Isolates())
		r.tell(ctx, fmt.Sprintf("step %d: %d of what was typed, done again", step.Number, done))
	}
	return done, notes
}

// sandboxOf opens a sandbox, and a fresh one for a step that was done in another
// than the one before: what that one held was not there any more.
func (r *replay) sandboxOf(ctx context.Context, step handin.Step) error {
	did := len(step.Commands)+len(step.Compose)+len(step.Objects) > 0
	if did && !r.sandbox.IsZero() && !r.sandbox.Equal(step.Sandbox) {
		r.close()
		if err := r.session.Close(); err != nil {
			return err
		}
	}
	if did {
		r.sandbox = step.Sandbox
	}
	if err := r.session.Open(ctx); err != nil {
		return err
	}
	if r.shell == nil {
		r.shell = newReplayShell(r.Workspace, r.session.Environment(), slices.Concat(r.Hides, []string{r.lab.Dir}))
	}
	return r.shell.prepare(ctx, r.Temp)
}

// write makes the workspace hold the files of the step. What commands have made
// stays, as it did for the learner.
func (r *replay) write(step handin.Step, rename *strings.Replacer) error {
	tree := maps.Clone(r.final)
	if step.Files != nil {
		tree = maps.Clone(step.Files)
	}
	for name, text := range tree {
		tree[name] = []byte(rename.Replace(string(text)))
	}
	root, err := os.OpenRoot(r.Workspace)
	if err != nil {
		return fmt.Errorf("write the files: %w", err)
	}
	defer root.Close()
	before := r.written
	r.written = tree
	if err := cleanup.Unlock(root); err != nil {
		return fmt.Errorf("write the files: %w", err)
	}
	if err := tree.Write(root); err != nil {
		return err
	}
	if err := tree.Prune(root, func(name string) bool { return before[name] == nil }); err != nil {
		return err
	}
	return r.shell.isolation.Chown()
}

// renamer replaces what only the learner's sandbox was called by. The longest
// goes first: one may begin as another does.
func renamer(was, is map[string]string) *strings.Replacer {
	keys := slices.DeleteFunc(slices.Collect(maps.Keys(was)), func(key string) bool { return was[key] == "" || is[key] == "" })
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(len(was[b])-len(was[a]), strings.Compare(a, b)) })
	var pairs []string
	for _, key := range keys {
		pairs = append(pairs, was[key], is[key])
	}
	return strings.NewReplacer(pairs...)
}

func (r *replay) close() {
	if r.shell != nil {
		r.shell.close()
		r.shell = nil
	}
}
