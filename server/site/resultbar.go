package site

import (
	"time"

	"cnalab/labs"
	webl "cnalab/web/lab"
)

// resultBar is the check button's surroundings: every check of the step with what
// it found, and the one sentence where no check says it.
func (v *view) resultBar() webl.ResultBar {
	bar := webl.ResultBar{At: v.at(), Verdict: v.verdict(v.step.Number)}
	found := map[string]labs.CheckReport{}
	report := v.report(v.step.Number)
	if report != nil && (!v.running(v.step.Number) || v.ours()) {
		for _, c := range report.Checks {
			found[c.Name] = c
		}
	}
	for _, c := range v.step.Checks {
		bar.Checks = append(bar.Checks, v.checkView(c, found[c.Name]))
	}
	v.explain(&bar)
	if v.standing[v.step.Number].HasPassed() || bar.Verdict == webl.Passed {
		bar.NextStep = v.stepLink(v.step.Number + 1)
	}
	return bar
}

// ours reports whether the run's own report has the step already; what is
// remembered from before says nothing while a check runs.
func (v *view) ours() bool {
	for _, s := range v.run.Report.Steps {
		if s.Step == v.step.Number {
			return true
		}
	}
	return false
}

func (v *view) checkView(check labs.Check, c labs.CheckReport) webl.Check {
	shown := webl.Check{
		Title: check.Title, Verdict: webl.Verdict(c.Verdict), Say: c.Say, Got: c.Got, Want: c.Want,
		At: c.At, Next: c.Next, Output: c.Output, Took: time.Duration(c.MS) * time.Millisecond,
	}
	if c.Name != "" && c.Verdict == "" && v.running(v.step.Number) {
		shown.Verdict = webl.Checking
	}
	return shown
}

// explain says once what every check would say: that the workspace does not
// build, or that the sandbox is gone.
func (v *view) explain(bar *webl.ResultBar) {
	involved := false
	for _, s := range v.run.Steps {
		involved = involved || s == v.step.Number
	}
	switch {
	case v.running(v.step.Number):
		bar.Doing, bar.Part = webl.Doing(v.run.Doing), v.run.Part
	case involved && v.run.Cancelled:
		bar.Verdict, bar.Cancelled = webl.Unchecked, true
		bar.Checks = blank(bar.Checks)
	case involved && v.run.Problem != nil:
		p := v.run.Problem
		bar.Verdict, bar.Say, bar.Next, bar.Detail = webl.CouldNotCheck, p.Say, p.Next, p.Detail
	case len(bar.Checks) > 1 && alike(bar.Checks):
		first := bar.Checks[0]
		bar.Say, bar.Next, bar.Detail = first.Say, first.Next, first.Output
		for i := range bar.Checks {
			bar.Checks[i].Say, bar.Checks[i].Next, bar.Checks[i].Output = "", "", ""
		}
	}
}

// alike reports whether every check could not check, for the same reason.
func alike(checks []webl.Check) bool {
	for _, c := range checks {
		if c.Verdict != webl.CouldNotCheck || c.Say != checks[0].Say || c.Output != checks[0].Output {
			return false
		}
	}
	return true
}

// asked is the bar at the moment a check was asked for, before it began.
func (v *view) asked() webl.ResultBar {
	bar := v.resultBar()
	bar.Verdict, bar.NextStep, bar.Say, bar.Next, bar.Detail = webl.Checking, nil, "", "", ""
	if !v.running(v.step.Number) {
		bar.Checks = blank(bar.Checks)
	}
	return bar
}

// blank are the checks before anything was found.
func blank(checks []webl.Check) []webl.Check {
	for i := range checks {
		checks[i] = webl.Check{Title: checks[i].Title}
	}
	return checks
}
