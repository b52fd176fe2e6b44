package gomod

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod/child"
	"cnalab/labs/check/proc"
)

// ask returns the answer of a call that did not end in a panic.
func (c *Child) ask(a child.Ask) child.Answer {
	c.Helper()
	answer := c.try(a)
	if answer.Panic != nil {
		c.panicked(*answer.Panic)
	}
	return answer
}

// try returns the answer, that of a panic as well.
func (c *Child) try(a child.Ask) child.Answer {
	c.Helper()
	return c.receive(c.send(a))
}

// errGone is a program that answers no more.
var errGone = errors.New("no answer")

// question is one that was asked. Its answer comes after those to all that were
// asked before.
type question struct {
	id       string
	answered bool
	answer   child.Answer
	err      error
}

// send asks, and waits for nothing.
func (c *Child) send(a child.Ask) *question {
	c.Helper()
	q := &question{id: rand.Text()}
	line, err := json.Marshal(child.Request{ID: q.id, Within: c.m.within(), Ask: a})
	c.Must(err, "The check cannot ask your code.")
	before, written := c.written, make(chan struct{})
	c.open, c.written = append(c.open, q), written
	go func() { // the child reads it when it has written what nobody has read yet
		defer close(written)
		if before != nil {
			<-before
		}
		_, _ = c.pipes.Requests.Write(append(line, '\n')) // who does not read it does not answer
	}()
	return q
}

// receive returns the answer.
func (c *Child) receive(q *question) child.Answer {
	c.Helper()
	for !q.answered {
		next := c.open[0]
		c.open = c.open[1:]
		next.answer, next.err = c.next()
		next.answered = true
	}
	switch {
	case errors.Is(q.err, errGone):
		result, _ := c.finish()
		c.lost(result)
	case q.err != nil || q.answer.ID != q.id:
		c.forged()
	case q.answer.Misfit != "":
		c.CouldNotCheck(check.Finding{Say: "The check's question does not fit your code.", Output: q.answer.Misfit})
	}
	return q.answer
}

// next reads an answer. A program that is late is ended, and its end of the pipes
// with it.
func (c *Child) next() (answer child.Answer, err error) {
	watch := time.AfterFunc(c.m.within()+time.Second, func() { c.giveUp(c.m.within()) }) // its own watch is first, and tells where it was
	defer watch.Stop()
	if !c.answers.Scan() {
		if c.answers.Err() == nil || c.late.Load() > 0 {
			return answer, errGone
		}
		return answer, c.answers.Err()
	}
	return answer, json.Unmarshal(c.answers.Bytes(), &answer)
}

// panicked ends the check: a call did not return.
func (c *Child) panicked(p child.Panic) {
	c.Helper()
	result, _ := c.finish()
	cause, _, _ := strings.Cut(p.Cause, "\n")
	c.crashed(result, strings.TrimSuffix(strings.TrimSpace(cause), "."), p.Stack)
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
	case c.late.Load() > 0 || result.Exit.Late || strings.Contains(result.Stderr, "panic: "+child.TimeOver):
		c.unanswered(result)
	default:
		cause, trace := crashCause(result.Stderr)
		c.crashed(result, cause, trace)
	}
}

func (c *Child) unanswered(result proc.Result) {
	c.Helper()
	at, frames := c.m.ownFrames(result.Stderr)
	within := cmp.Or(time.Duration(c.late.Load()), c.m.within())
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
