// Package grade compiles a lab's checks once, keeps the binary by content,
// runs it for a step and turns test events into a labs.Report. What the
// learner's code does to the check, be it a panic, a hang or a flood of
// output, stays inside bounds and becomes a verdict. It knows nothing of
// sandboxes, workspaces and pages: it is given a workspace and an environment.
package grade

import (
	"context"
	"fmt"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/gobuild"
)

// Config says where to build and how far a check may go.
type Config struct {
	Root  string // the module's root, where go.mod is
	Cache string // a folder for compiled checks and for what checks build
	// Prebuilt is a folder with the checks of labs, and the converter of their
	// output, as Prebuild makes it; may be empty. What was changed since is
	// compiled like any other.
	Prebuilt string
	Limits   Limits // zero fields take their default
}

// Limits bound one Run and everything it starts.
type Limits struct {
	Check  time.Duration // one check, from its start to its end
	Run    time.Duration // all checks of one Run together
	Output int64         // bytes that one process tree may print
	Memory int64         // bytes that one process tree may hold
	Forks  int           // processes that one process tree may be at a time
}

func (l Limits) withDefaults() Limits {
	if l.Check == 0 {
		l.Check = check.Limit + 15*time.Second // the check's own deadline comes first
	}
	if l.Run == 0 {
		l.Run = 15 * time.Minute
	}
	if l.Output == 0 {
		l.Output = 32 << 20
	}
	if l.Memory == 0 {
		l.Memory = 3 << 30
	}
	if l.Forks == 0 {
		l.Forks = 300 // a compiler takes a few for each processor
	}
	return l
}

// Grader compiles and runs checks. Its methods may be called from many
// goroutines.
type Grader struct {
	config Config
	builds gobuild.Group
	under  sync.RWMutex    // held by each build, so that Close can wait for them
	life   context.Context // ends with Close; builds outlive whoever asked first
	close  context.CancelFunc
	tool   func() (tools, error)
}

// New returns a grader; it does no work yet.
func New(config Config) *Grader {
	config.Limits = config.Limits.withDefaults()
	life, cancel := context.WithCancel(context.Background())
	g := &Grader{config: config, life: life, close: cancel}
	g.tool = sync.OnceValues(g.findTools)
	return g
}

// Close ends builds that still run, and returns when they have cleaned up.
func (g *Grader) Close() {
	g.close()
	g.under.Lock()
	defer g.under.Unlock()
}

// Run asks for steps to be checked.
type Run struct {
	Lab         *labs.Lab
	Steps       []int    // which steps; none means all
	Environment []string // of the sandbox: KEY=VALUE
	Workspace   string   // absolute path of the learner's files
	// Events is told of each check as it starts, without a verdict, and as it
	// ends; one at a time; may be nil.
	Events func(step int, check labs.CheckReport)
}

// Broken reports that nothing could be checked, with the problem as each
// check's reason: for a workspace that does not build, or a sandbox that is gone.
func Broken(lab *labs.Lab, steps []int, problem *labs.Problem) labs.Report {
	report := blank(lab, steps)
	for i := range report.Steps {
		for j := range report.Steps[i].Checks {
			c := &report.Steps[i].Checks[j]
			c.Verdict, c.Say, c.Next, c.Output = labs.CouldNotCheck, problem.Say, problem.Next, problem.Detail
		}
	}
	report.Conclude()
	return report
}

// blank is a report with every check of the steps, none of them checked.
func blank(lab *labs.Lab, steps []int) labs.Report {
	report := labs.Report{Lab: lab.ID, Steps: []labs.StepReport{}}
	for _, number := range wanted(lab, steps) {
		report.Steps = append(report.Steps, blankStep(lab, number))
	}
	return report
}

// blankStep lists a step's checks; a step that is not there, or has no
// checks, gets one line that says so, because silence is no verdict.
func blankStep(lab *labs.Lab, number int) labs.StepReport {
	report := labs.StepReport{Step: number, Checks: []labs.CheckReport{}}
	step := lab.Step(number)
	if step == nil {
		say := fmt.Sprintf("Lab %s has no step %d.", lab.ID, number)
		report.Checks = append(report.Checks, labs.CheckReport{Verdict: labs.CouldNotCheck, Say: say})
		return report
	}
	report.Title = step.In("en").Title
	for _, c := range step.Checks {
		report.Checks = append(report.Checks, labs.CheckReport{Name: c.Name, Title: c.Title, Verdict: labs.CouldNotCheck})
	}
	if len(step.Checks) == 0 {
		say := fmt.Sprintf("Step %d of lab %s has no checks.", number, lab.ID)
		next := fmt.Sprintf("This is not your doing. Tell the lab's author that `labs check %s` names what is missing.", lab.ID)
		report.Checks = append(report.Checks, labs.CheckReport{Verdict: labs.CouldNotCheck, Say: say, Next: next})
	}
	return report
}

func wanted(lab *labs.Lab, steps []int) []int {
	if len(steps) > 0 {
		return steps
	}
	for _, step := range lab.Steps {
		steps = append(steps, step.Number)
	}
	return steps
}
