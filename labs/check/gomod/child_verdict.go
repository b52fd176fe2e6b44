package gomod

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod/child"
	"cnalab/labs/check/proc"
	"cnalab/labs/process"
)

// panicked ends the check: a call did not return. It may have no name, where it
// was one of those that read a value.
func (c *Child) panicked(call string, p child.Panic) {
	c.Helper()
	cause, _, _ := strings.Cut(p.Cause, "\n")
	cause = strings.TrimSuffix(strings.TrimSpace(cause), ".")
	f := check.Finding{
		Say: fmt.Sprintf("Your code panicked: %s.", cause), Got: "a panic", Want: "a call that returns",
		Next: "Start at the first of these lines: it is where your code was when it panicked.",
	}
	if call != "" {
		f.Say = fmt.Sprintf("%s panicked: %s.", call, cause)
	}
	if f.At, f.Output = c.m.ownFrames(p.Stack); f.At == "" {
		f.Next, f.Output = "Make this call in a test of your own to see it happen.", last(p.Stack, 2000)
	}
	c.NotYet(f)
}

// forged ends the check: what came back is no answer to what was asked.
func (c *Child) forged() {
	c.Helper()
	c.process.Kill()
	c.CouldNotCheck(check.Finding{
		Say:  "Your code wrote where the check listens for answers.",
		Next: "Print to os.Stdout or os.Stderr, and leave other open files alone.",
	})
}

// lost ends the check: the program ended, or was ended, before the check was
// done.
func (c *Child) lost(result proc.Result) {
	c.Helper()
	switch {
	case result.Exit.Flooded:
		c.CouldNotCheck(check.Finding{
			Say: "Your code printed more than 1 MiB, so it was ended.", Next: "Take the print out of the loop.", Output: last(printed(result), 500),
		})
	case result.Exit.Filled:
		c.CouldNotCheck(check.Finding{
			Say:  fmt.Sprintf("Your code wrote more than %d MB, so it was ended.", process.MostWritten>>20),
			Next: "Look for a loop that writes to a file and does not end.", Output: last(printed(result), 500),
		})
	case c.late.Load() > 0 || result.Exit.Late || strings.Contains(result.Stderr, "panic: "+child.TimeOver):
		c.unanswered(result)
	default:
		cause, trace := crashCause(result.Stderr)
		c.crashed(result, cause, trace)
	}
}

func (c *Child) unanswered(result proc.Result) {
	c.Helper()
	c.m.late()
	at, frames := c.m.ownFrames(result.Stderr)
	within := cmp.Or(time.Duration(c.late.Load()), c.within)
	c.CouldNotCheck(check.Finding{
		Say: fmt.Sprintf("Your code did not answer within %s.", words(within)), At: at, Output: frames,
		Next: "Look for a loop that does not end, or a wait for something that does not come.",
	})
}

func (c *Child) crashed(result proc.Result, cause, trace string) {
	c.Helper()
	at, frames := c.m.ownFrames(trace)
	switch {
	case cause != "" && at != "":
		c.CouldNotCheck(check.Finding{
			Say: "Your code crashed: " + cause + ".", At: at, Output: frames,
			Next: "Start at the first of these lines: it is where your code was when it crashed.",
		})
	case cause != "":
		c.CouldNotCheck(check.Finding{Say: "The program crashed: " + cause + ".", Output: last(trace, 2000)})
	default:
		c.CouldNotCheck(check.Finding{
			Say:  "Your code ended the program before the check was done (" + result.Exit.Say + ").",
			Next: "Return an error instead of calling os.Exit or log.Fatal.", Output: printed(result),
		})
	}
}

// words says a time as a person does.
func words(d time.Duration) string {
	if d >= time.Second {
		return fmt.Sprintf("%g s", d.Seconds())
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}
