package gomod

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod/child"
)

// ask returns the answer of a call that did not end in a panic.
func (c *Child) ask(a child.Ask) child.Answer {
	c.Helper()
	answer := c.try(a)
	if answer.Panic != nil {
		c.panicked(callText(a), *answer.Panic)
	}
	return answer
}

// callText is how a call reads, nothing where it is none: "order.NewMoney(435, "EUR")".
func callText(a child.Ask) string {
	if a.Do != "call" {
		return ""
	}
	var args []string
	for _, arg := range a.Args {
		args = append(args, cmp.Or(string(arg.Plain), "…"))
	}
	return a.Name + "(" + strings.Join(args, ", ") + ")"
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
	line, err := json.Marshal(child.Request{ID: q.id, Within: c.within, Ask: a})
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
	watch := time.AfterFunc(c.within+time.Second, func() { c.giveUp(c.within) }) // its own watch is first, and tells where it was
	defer watch.Stop()
	if !c.answers.Scan() {
		if c.answers.Err() == nil || c.late.Load() > 0 {
			return answer, errGone
		}
		return answer, c.answers.Err()
	}
	return answer, json.Unmarshal(c.answers.Bytes(), &answer)
}
