package grade

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"cnalab/labs"
	"cnalab/labs/environ"
)

// runner is one Run while it goes on.
type runner struct {
	Run
	grader *Grader
	binary string
}

// Run runs the checks of the steps in order, and reports what they said. It
// always reports: whatever goes wrong is a check that could not be made.
func (g *Grader) Run(ctx context.Context, run Run) labs.Report {
	r := &runner{Run: run, grader: g}
	report := blank(run.Lab, run.Steps)
	binary, err := g.Compile(ctx, run.Lab)
	if err != nil {
		return r.broken(ctx, err)
	}
	r.binary = binary
	ctx, cancel := context.WithTimeoutCause(ctx, g.config.Limits.Run, errOutOfTime)
	defer cancel()
	for i := range report.Steps {
		r.step(ctx, &report.Steps[i])
	}
	report.Conclude()
	return report
}

// broken reports that the checks themselves could not be had.
func (r *runner) broken(ctx context.Context, err error) labs.Report {
	problem := labs.AsProblem(err)
	if ctx.Err() != nil {
		problem = interrupted
	}
	report := Broken(r.Lab, r.Steps, problem)
	for i := range report.Steps {
		for j := range report.Steps[i].Checks {
			r.report(report.Steps[i].Step, report.Steps[i].Checks[j])
		}
	}
	return report
}

// step runs the checks of one step until each has a verdict. A check that
// takes the test process down with it costs the others nothing: they run
// again in a new one, and one by one where it is not known which it was.
func (r *runner) step(ctx context.Context, step *labs.StepReport) {
	checks := map[string]*labs.CheckReport{}
	var waiting []string
	for i := range step.Checks {
		c := &step.Checks[i]
		if c.Name == "" { // there is no such step, or nothing to run in it
			r.report(step.Step, *c)
			continue
		}
		checks[c.Name] = c
		waiting = append(waiting, c.Name)
	}
	for alone := false; len(waiting) > 0; {
		names := waiting
		if alone {
			names = waiting[:1]
		}
		p := &pass{runner: r, step: step.Step, checks: checks, several: len(names) > 1, open: map[string]*running{}, ended: map[string]bool{}}
		p.conclude(names, p.run(ctx, names))
		alone = alone || p.again
		waiting = slices.DeleteFunc(waiting, func(name string) bool { return p.ended[name] })
	}
}

// environment is what the check process gets: nothing of the machine's own
// ways, and ours before the sandbox's, which has the last word.
func (r *runner) environment() []string {
	built := filepath.Join(r.grader.config.Cache, "built")
	ours := []string{labs.EnvWorkspace + "=" + r.Workspace, labs.EnvCache + "=" + built}
	return slices.Concat(environ.Check(), ours, r.Environment)
}

func (r *runner) started(step int, c *labs.CheckReport) {
	r.report(step, labs.CheckReport{Name: c.Name, Title: c.Title})
}

// report tells of a check: at work where it has no verdict, else ended.
func (r *runner) report(step int, c labs.CheckReport) {
	if r.Events != nil {
		r.Events(step, c)
	}
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", n>>20) }
