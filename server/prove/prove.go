// Package prove shows that a lab's checks tell right from wrong: in a fresh
// sandbox, each step is not yet before its solution and passed after it, and
// the attempts kept beside the checks come out as their folders say. It knows
// nothing of pages and of who learns; it is given a provider and a grader.
package prove

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"cnalab/labs"
	"cnalab/server/testbed"
)

// Config says what to prove with.
type Config struct {
	testbed.Config
	Steps    []int          // of which steps; none means all
	Attempts *regexp.Regexp // only the attempts that it matches, such as wrong/04-lost-key, and no path
	PathOnly bool           // leave the attempts out
	Jobs     int            // sandboxes at a time; less than 1 means 1
}

// Result is a lab's proof: everything that was tried, and what broke it.
type Result struct {
	Lab      string // its folder's name
	Trials   []Trial
	Failures []string // one for each trial that came out otherwise; none is a proof
	Took     time.Duration
}

// Trial is one run of a step's checks on a known workspace.
type Trial struct {
	Lab    string
	Step   int
	Name   string // "before", "after", "again", "wrong/lost-key", "right/other", "at the end"
	Want   labs.Verdict
	Report labs.Report
	Took   time.Duration
}

// proof is one lab while it is proved.
type proof struct {
	Config
	lab      *labs.Lab
	trees    []labs.Tree    // the workspace when so many steps are solved
	layers   []labs.Overlay // what each step's solution changes, from 0
	progress func(Trial)

	mu     sync.Mutex // guards what follows
	result Result
	used   []*testbed.Workspace // by trials that have ended
}

// Lab proves one lab, and tells progress of each trial as it ends, one call at
// a time. An error means that the proof could not be made; a broken proof is in
// the Result.
func Lab(ctx context.Context, config Config, lab *labs.Lab, progress func(Trial)) (Result, error) {
	start := time.Now()
	p := &proof{Config: config, lab: lab, progress: progress, result: Result{Lab: lab.Folder}}
	if progress == nil {
		p.progress = func(Trial) {}
	}
	err := p.prove(ctx)
	for _, r := range p.used {
		r.Close()
	}
	p.result.Took = time.Since(start)
	return p.result, err
}

func (p *proof) prove(ctx context.Context) error {
	if p.lab.Planned || len(p.lab.Steps) == 0 {
		return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("Lab %s is planned: it has no steps yet.", p.lab.Folder),
			Next: "Write its steps, and take planned out of its lab.yaml."}
	}
	if !p.read() {
		return nil
	}
	jobs, working := errgroup.WithContext(ctx)
	jobs.SetLimit(max(1, p.Jobs))
	switch {
	case p.Attempts != nil:
	case len(p.Steps) == 0:
		jobs.Go(func() error { return p.path(working) })
	default:
		p.alone(working, jobs)
	}
	if !p.PathOnly {
		p.attempts(working, jobs, "wrong", labs.NotYet)
		p.attempts(working, jobs, "right", labs.Passed)
	}
	if err := cmp.Or(jobs.Wait(), ctx.Err()); err != nil {
		return err
	}
	if len(p.result.Trials)+len(p.result.Failures) == 0 {
		return &labs.Problem{Kind: labs.BadInput, Say: fmt.Sprintf("Lab %s has no attempt like that.", p.lab.Folder),
			Next: "They are the folders in checks/testdata/wrong and checks/testdata/right."}
	}
	return nil
}

// read reads the workspaces along the path; what is missing breaks the proof.
func (p *proof) read() bool {
	tree, err := p.lab.Starter()
	if err != nil {
		p.fail("%s: the starter cannot be read: %v", p.lab.Folder, err)
		return false
	}
	p.trees = append(p.trees, tree)
	for _, step := range p.lab.Steps {
		layer, err := p.lab.Solution(step.Number)
		if err != nil {
			p.fail("%s step %d: there is no solution to prove it with: %v", p.lab.Folder, step.Number, err)
			return false
		}
		tree = tree.With(layer)
		p.trees, p.layers = append(p.trees, tree), append(p.layers, layer)
	}
	return true
}

// path walks the lab as a learner does, in one sandbox from beginning to end.
func (p *proof) path(ctx context.Context) error {
	r, err := p.open(ctx, 1)
	if err != nil {
		return err
	}
	defer p.end(r)
	for _, step := range p.lab.Steps {
		p.step(ctx, r, step.Number)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	for _, step := range p.lab.Steps {
		p.try(ctx, r, step.Number, "at the end", labs.Passed, p.trees[len(p.layers)], "")
	}
	return ctx.Err()
}

// step walks through one step.
func (p *proof) step(ctx context.Context, r *testbed.Workspace, n int) {
	p.try(ctx, r, n, "before", labs.NotYet, p.trees[n-1], "")
	p.try(ctx, r, n, "after", labs.Passed, p.trees[n], p.layers[n-1].Run)
	p.try(ctx, r, n, "again", labs.Passed, p.trees[n], "")
}

// alone walks through each of the chosen steps in a fresh sandbox.
func (p *proof) alone(ctx context.Context, jobs *errgroup.Group) {
	for _, n := range p.Steps {
		jobs.Go(func() error {
			r, err := p.open(ctx, n)
			if err != nil {
				return err
			}
			defer p.end(r)
			p.step(ctx, r, n)
			return ctx.Err()
		})
	}
}

// open opens a sandbox in which the steps before this one are solved.
func (p *proof) open(ctx context.Context, step int) (*testbed.Workspace, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	r, err := p.fresh(ctx, p.trees[step-1])
	if err != nil {
		return nil, err
	}
	var typed []string
	for _, before := range p.layers[:step-1] {
		typed = append(typed, before.Run)
	}
	if err := r.Replay(ctx, p.trees[1:], typed); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// fresh is a sandbox in which nothing was done. Where one that was used can be
// cleared it is that one: a cluster takes a minute to make.
func (p *proof) fresh(ctx context.Context, tree labs.Tree) (*testbed.Workspace, error) {
	if r := p.lastUsed(); r != nil {
		if r.Clear(ctx) && r.Apply(ctx, tree) == nil {
			return r, nil
		}
		r.Close()
	}
	return testbed.Open(ctx, p.Config.Config, p.lab, tree)
}

func (p *proof) lastUsed() *testbed.Workspace {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.used) == 0 {
		return nil
	}
	last := len(p.used) - 1
	r := p.used[last]
	p.used = p.used[:last]
	return r
}

// end leaves a sandbox to the next trial.
func (p *proof) end(r *testbed.Workspace) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used = append(p.used, r)
}

// attempts has each wrong, or each right, answer tried in a fresh sandbox:
// what one leaves in the broker or in a database must not decide of the next.
func (p *proof) attempts(ctx context.Context, jobs *errgroup.Group, kind string, want labs.Verdict) {
	dir := filepath.Join(p.lab.Dir, "checks", "testdata", kind)
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		jobs.Go(func() error { return fmt.Errorf("read the %s attempts: %w", kind, err) })
	}
	for _, entry := range entries {
		number, name := split(entry.Name())
		if p.lab.Step(number) == nil {
			p.fail("%s %s/%s: its name does not start with a step's number", p.lab.Folder, kind, entry.Name())
			continue
		}
		if !p.chosen(number, path.Join(kind, entry.Name())) {
			continue
		}
		jobs.Go(func() error {
			layer, err := labs.ReadOverlay(os.DirFS(filepath.Join(dir, entry.Name())))
			if err != nil {
				return fmt.Errorf("read the attempt %s: %w", entry.Name(), err)
			}
			return p.attempt(ctx, number, path.Join(kind, name), want, layer)
		})
	}
}

func (p *proof) attempt(ctx context.Context, step int, name string, want labs.Verdict, layer labs.Overlay) error {
	r, err := p.open(ctx, step)
	if err != nil {
		return err
	}
	defer p.end(r)
	p.try(ctx, r, step, name, want, p.trees[step-1].With(layer), layer.Run)
	return ctx.Err()
}

// chosen tells whether an attempt is one of those that are to be tried.
func (p *proof) chosen(step int, attempt string) bool {
	return (len(p.Steps) == 0 || slices.Contains(p.Steps, step)) && (p.Attempts == nil || p.Attempts.MatchString(attempt))
}

// split takes 02-lost-key apart.
func split(folder string) (step int, name string) {
	if len(folder) < 4 || folder[2] != '-' {
		return 0, folder
	}
	step, _ = strconv.Atoi(folder[:2])
	return step, folder[3:]
}
