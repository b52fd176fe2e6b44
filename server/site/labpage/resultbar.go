package labpage

import (
	"time"

	"cnalab/labs"
	webl "cnalab/web/lab"
)

// ResultBar is the check button's surroundings: every check of the step with what
// it found, and the one sentence where no check says it.
func (v *View) ResultBar() webl.ResultBar {
	resultBar := webl.ResultBar{At: v.At(), Verdict: v.verdict(v.step.Number)}
	found := map[string]labs.CheckReport{}
	report := v.report(v.step.Number)
	if report != nil && !v.asked(v.step.Number) && (!v.running(v.step.Number) || v.ours()) {
		for _, c := range report.Checks {
			found[c.Name] = c
		}
	}
	if v.ours() && !v.run.Running {
		resultBar.Isolation = string(v.run.Report.Isolation)
	}
	for _, c := range v.step.Checks {
		resultBar.Checks = append(resultBar.Checks, v.checkView(c, found[c.Name]))
	}
	v.explain(&resultBar)
	if v.standing[v.step.Number].HasPassed() || resultBar.Verdict == webl.Passed {
		resultBar.NextStep = v.nextStep()
	}
	return resultBar
}

// nextStep is the step after this one, and after the last the first that has
// not passed as things are now; nil where all have.
func (v *View) nextStep() *webl.StepLink {
	if next := v.stepLink(v.step.Number + 1); next != nil {
		return next
	}
	for _, step := range v.lab.Steps[:v.step.Number-1] {
		if v.verdict(step.Number) != webl.Passed {
			return v.stepLink(step.Number)
		}
	}
	return nil
}

// ours reports whether the run's own report has the step already; what is
// remembered from before says nothing while a check runs.
func (v *View) ours() bool {
	for _, s := range v.run.Report.Steps {
		if s.Step == v.step.Number {
			return true
		}
	}
	return false
}

func (v *View) checkView(check labs.Check, c labs.CheckReport) webl.Check {
	c = v.lab.TranslateCheck(c, v.language)
	shown := webl.Check{
		Title: v.translate(check.Title), Verdict: webl.Verdict(c.Verdict), Say: c.Say, Got: c.Got, Want: c.Want,
		At: c.At, Next: c.Next, Output: c.Output, Took: time.Duration(c.MS) * time.Millisecond,
	}
	if c.Name != "" && c.Verdict == "" && v.running(v.step.Number) {
		shown.Verdict = webl.Checking
	}
	return shown
}

// explain says once what every check would say: that the workspace does not
// build, or that the sandbox is gone.
func (v *View) explain(resultBar *webl.ResultBar) {
	involved := false
	for _, s := range v.run.Steps {
		involved = involved || s == v.step.Number
	}
	switch {
	case v.running(v.step.Number):
		resultBar.Doing, resultBar.Part = webl.Doing(v.run.Doing), v.run.Part
	case involved && v.run.Cancelled:
		resultBar.Verdict, resultBar.Cancelled = webl.Unchecked, true
		resultBar.Checks = blank(resultBar.Checks)
	case involved && v.run.Problem != nil:
		p := v.run.Problem
		resultBar.Verdict, resultBar.Say, resultBar.Next, resultBar.Detail = webl.CouldNotCheck, v.translate(p.Say), v.translate(p.Next), p.Detail
	case len(resultBar.Checks) > 1 && alike(resultBar.Checks):
		first := resultBar.Checks[0]
		resultBar.Say, resultBar.Next, resultBar.Detail = first.Say, first.Next, first.Output
		for i := range resultBar.Checks {
			resultBar.Checks[i].Say, resultBar.Checks[i].Next, resultBar.Checks[i].Output = "", "", ""
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

// blank are the checks before anything was found.
func blank(checks []webl.Check) []webl.Check {
	for i := range checks {
		checks[i] = webl.Check{Title: checks[i].Title}
	}
	return checks
}
