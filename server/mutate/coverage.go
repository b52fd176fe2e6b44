package mutate

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"cnalab/labs"
)

// coverage is which checks come to which statements of a program, by the names
// of the files that tell so. What is come to before the first check is asked,
// while services start, is everybody's.
type coverage struct {
	order []string // all checks, in the order in which they are asked
	by    map[string]map[string]bool
	start map[string]bool
}

// checks are those that come to one of the statements at least.
func (c coverage) checks(statements []string) (names []string) {
	for _, check := range c.order {
		if slices.ContainsFunc(statements, func(s string) bool { return c.start[s] || c.by[check][s] }) {
			names = append(names, check)
		}
	}
	return names
}

// cover asks one check after another with no mutant chosen, and notes where
// each comes. It is false where one does not pass, or none comes anywhere: what
// runs in a container has no way to tell.
func (w *worker) cover(ctx context.Context) (bool, error) {
	if found, err := w.run(ctx, w.withAll(), w.last()); err != nil || found != nil {
		return false, err
	}
	w.reached = coverage{by: map[string]map[string]bool{}}
	var err error
	if w.reached.start, err = w.told(); err != nil {
		return false, err
	}
	came := len(w.reached.start) > 0
	for _, n := range w.steps() {
		for _, check := range w.lab.Step(n).Checks {
			if report := w.Ask(ctx, nil, []string{check.Name}, n); report.Verdict != labs.Passed {
				return false, ctx.Err()
			}
			if w.reached.by[check.Name], err = w.told(); err != nil {
				return false, err
			}
			w.reached.order = append(w.reached.order, check.Name)
			came = came || len(w.reached.by[check.Name]) > 0
		}
	}
	return came || len(w.program.Files) == 0, nil
}

// told are the statements that were told of since it was last called.
func (w *worker) told() (map[string]bool, error) {
	entries, err := os.ReadDir(w.control)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, e := range entries {
		names[e.Name()] = true
		if err := os.Remove(filepath.Join(w.control, e.Name())); err != nil {
			return nil, err
		}
	}
	return names, nil
}
