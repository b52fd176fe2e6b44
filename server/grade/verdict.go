package grade

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/server/grade/testlog"
)

// interrupted is why a check whose caller went away says nothing.
var interrupted = &labs.Problem{Say: "The check was interrupted.", Next: "Check again."}

func whyOver(ctx context.Context) *labs.Problem {
	if errors.Is(context.Cause(ctx), errOutOfTime) {
		return &labs.Problem{Say: "There was no time left for this check.",
			Next: "Look at the checks before it: one of them took too long."}
	}
	return interrupted
}

func tooLong(limit time.Duration) *labs.Problem {
	return &labs.Problem{Say: fmt.Sprintf("The check did not end within %v, and was stopped.", limit),
		Next: "Look for a loop or a wait in your code that never ends; the last lines it printed are below."}
}

func tooMuchOutput(limit int64) *labs.Problem {
	return &labs.Problem{Say: fmt.Sprintf("The check printed more than %s, and was stopped.", megabytes(limit)),
		Next: "Look for a loop that prints; the first and the last lines are below."}
}

func tooMuchMemory(limit int64) *labs.Problem {
	return &labs.Problem{Say: fmt.Sprintf("The check and what it started held more than %s, and were stopped.", megabytes(limit)),
		Next: "Look for something in your code that grows without end."}
}

func tooManyForks(limit int) *labs.Problem {
	return &labs.Problem{Say: fmt.Sprintf("The check and what it started were more than %d processes, and were stopped.", limit),
		Next: "Look for a program in your code that starts others without end."}
}

// judge turns a test's own result into a verdict: a pass is a pass, a failure
// is what its finding says, and everything else proves nothing.
func judge(action string, r *running) labs.CheckReport {
	could := labs.CheckReport{Verdict: labs.CouldNotCheck, Output: r.output.String()}
	switch {
	case action == "pass":
		return seen(r.finding)
	case action == "skip":
		could.Say = "The check was skipped, so it proved nothing."
		could.Next = "Tell the lab's author: a check never skips."
	case r.finding == nil || !mayBeFound(r.finding.Verdict): // a test that failed has not passed, whatever it says
		could.Say = "The check failed without saying what it saw."
		could.Next = "Look at its output below, and check again."
	default:
		return fromFinding(r)
	}
	return could
}

// seen is a pass, with what the check has to show besides, such as a
// measurement.
func seen(f *check.Result) labs.CheckReport {
	if f == nil || f.Verdict != labs.Passed {
		return labs.CheckReport{Verdict: labs.Passed}
	}
	return labs.CheckReport{Verdict: labs.Passed, Say: f.Say, Output: f.Output}
}

// mayBeFound reports whether a finding may have the verdict.
func mayBeFound(v labs.Verdict) bool { return v == labs.NotYet || v == labs.CouldNotCheck }

func fromFinding(r *running) labs.CheckReport {
	f := r.finding
	report := labs.CheckReport{Verdict: f.Verdict, Say: f.Say, Got: testlog.Bounded(f.Got), Want: testlog.Bounded(f.Want),
		At: f.At, Next: f.Next, Output: f.Output}
	if report.Output == "" {
		report.Output = r.output.String()
	}
	return report
}

// conclude gives a verdict to the check that the process took with it when it
// ended. Where several ran, each runs again by itself: who of them it was
// nobody knows. Where it got nowhere at all, that goes for all that still wait.
func (p *pass) conclude(waiting []string, end ending) {
	var at []string
	for _, name := range waiting {
		if r := p.open[name]; r != nil && !r.paused {
			at = append(at, name)
		}
	}
	if p.again = p.again || len(at) > 1; p.again {
		return
	}
	for _, name := range at {
		r := p.open[name]
		p.finish(name, r, p.cutShort(r.output.String(), end))
	}
	if len(p.ended) > 0 {
		return
	}
	for _, name := range waiting {
		p.finish(name, nil, p.cutShort(p.stray.String(), end))
	}
}

// cutShort tells why a check has no result of its own.
func (p *pass) cutShort(output string, end ending) labs.CheckReport {
	report := labs.CheckReport{Verdict: labs.CouldNotCheck, Output: output}
	crash, crashed := testlog.ReadCrash(output)
	var exit *exec.ExitError
	switch {
	case end.reason != nil:
		report.Say, report.Next = end.reason.Say, end.reason.Next
	case crashed:
		report.Say, report.Output = "The check crashed: "+crash.Message+".", crash.Lines
		report.Next = "Check again; if it crashes again, tell the lab's author."
	case end.err == nil && len(p.open) == 0:
		report.Say = "The compiled checks do not hold this one."
		report.Next = "Tell the lab's author to run labs check."
	case errors.As(end.err, &exit) && !exit.Exited():
		report.Say = "The check was ended from outside (" + exit.Error() + ")."
		report.Next = "The machine may be short of memory. Close what you do not need, and check again."
	case end.err == nil || exit != nil:
		report.Say = "The check ended before it said anything."
		report.Next = "Check again; if it ends again, tell the lab's author."
	default:
		problem := labs.AsProblem(end.err)
		report.Say, report.Next, report.Output = "The check could not be started.", problem.Next, end.err.Error()
	}
	return report
}
