package labs

import "slices"

// Run is a run of checks as a page shows it: under way, or the last one.
type Run struct {
	Steps   []int  // the steps it looks at, in order
	Running bool   // it has not ended
	Doing   Doing  // what it does before its checks
	Part    string // the sandbox's part that it does it to, where there is one
	// Report has the checks that have begun so far, those without a verdict
	// are at work; at the end it has all of them.
	Report  Report
	Problem *Problem // why there is no report, where there is none
	Asked   []int    // the steps of a run that has not begun, where one waits

	Cancelled bool // somebody took it back, so that it found nothing
}

// Doing is what a run does while no check runs. Whoever shows it has the words.
type Doing string

// What a run does before its checks; empty while they run.
const (
	OpensSandbox Doing = "opens the sandbox"
	Heals        Doing = "heals"    // Run.Part, which the learner has broken
	Builds       Doing = "builds"   // what has changed in the workspace
	Compiles     Doing = "compiles" // the checks themselves
)

// With returns a copy of the report in which the step has the check, in the
// place of an earlier one of its name. The report itself stays as it is, so
// that a page can read it meanwhile.
func (r Report) With(step int, check CheckReport) Report {
	steps := append([]StepReport(nil), r.Steps...)
	if !slices.ContainsFunc(steps, func(s StepReport) bool { return s.Step == step }) {
		steps = append(steps, StepReport{Step: step})
	}
	for i := range steps {
		if steps[i].Step != step {
			continue
		}
		checks := append([]CheckReport(nil), steps[i].Checks...)
		at := len(checks)
		for j := range checks {
			if checks[j].Name == check.Name {
				at = j
			}
		}
		steps[i].Checks = append(checks[:at], append([]CheckReport{check}, checks[min(at+1, len(checks)):]...)...)
	}
	r.Steps = steps
	return r
}
