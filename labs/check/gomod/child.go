package gomod

import (
	"bufio"
	"io"
	"sync/atomic"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/gomod/child"
	"cnalab/labs/check/proc"
)

// Bounds of a child.
const (
	answerTimeout = 6 * time.Second        // for one answer
	againTimeout  = 500 * time.Millisecond // for one answer, once a check has waited in vain
	wholeFactor   = 3                      // times that, for all of them
	childOutput   = 1 << 20
	childMemory   = 1 << 30
	answerBytes   = 8 << 20 // one answer's line
)

// Child is a process that has the learner's packages in it and answers what
// they do. It calls them; the check, which asks, judges. Its own methods end the
// check as not yet where a call panics, and as could not check where the code
// hangs, leaves, or takes the program down with it.
type Child struct {
	*check.C
	m       *Module
	process *proc.Process
	pipes   *proc.Pipes
	answers *bufio.Scanner
	open    []*question   // not answered yet, in their order
	written chan struct{} // closed when the last of them is
	within  time.Duration // how long an answer may take
	late    atomic.Int64  // the time, as a Duration, that was over when it was ended
}

// Ask compiles the learner's packages with what answers questions about them,
// and hands it to judge:
//
//	m.Ask(func(c *gomod.Child) {
//		if _, err := c.Call("order.Place", "o-1"); err == nil {
//			c.NotYet(check.Finding{Say: "An order without lines is placed."})
//		}
//	}, names)
//
// Each of names is the text of a Go file of package main
// that uses what judge asks for, with its shape:
//
//	var _ func(string) (*order.Order, error) = order.Place
//
// A name that the module lacks, or has in another shape, is not yet. Compiled
// once, it is kept until the workspace changes. Give every import of the
// learner's packages its name, as in `order "shop/order"`.
func (m *Module) Ask(judge func(*Child), names ...string) {
	m.c.Helper()
	c := m.start(m.compile(m.sources(names)))
	judge(c)
	c.end()
}

// start starts the program, and sees to it that it ends with the check.
func (m *Module) start(binary string) *Child {
	m.c.Helper()
	pipes, err := proc.NewPipes()
	m.c.Must(err, "The check cannot talk with your code.")
	process, err := proc.Start(m.c.Context, proc.Command{
		Path: binary, Dir: m.c.TempDir(), Output: childOutput, Memory: childMemory, Isolated: true, Pipes: pipes, PipesName: child.PipesName,
	})
	c := &Child{C: m.c, m: m, process: process, pipes: pipes, answers: bufio.NewScanner(pipes.Answers), within: m.within()}
	m.c.Cleanup(func() { _ = pipes.Close() })
	m.c.Must(err, "The program that calls your code does not start.")
	c.answers.Buffer(make([]byte, 0, 64<<10), answerBytes)
	whole := time.AfterFunc(wholeFactor*c.within, func() { c.giveUp(wholeFactor * c.within) })
	m.c.Cleanup(func() {
		whole.Stop()
		if _, ended := process.Exit(); !ended {
			process.Kill()
			<-process.Done()
		}
	})
	go func() { // what it has started may hold its end of the pipe
		<-process.Done()
		time.Sleep(time.Second)
		_ = pipes.Answers.Close()
	}()
	return c
}

// giveUp ends a program that has not answered for so long.
func (c *Child) giveUp(after time.Duration) {
	c.late.CompareAndSwap(0, int64(after))
	c.process.Kill()
}

// NotYet ends the check, and shows what the learner's code has printed.
func (c *Child) NotYet(f check.Finding) {
	c.Helper()
	result, _ := c.finish()
	f.Output = joined(f.Output, printed(result))
	c.C.NotYet(f)
}

// end ends a child that has answered everything; the check goes on where that
// was in good order.
func (c *Child) end() {
	c.Helper()
	result, ended := c.finish()
	switch {
	case !ended:
		c.unanswered(result)
	case !result.Exit.OK():
		c.lost(result)
	}
}

// finish asks no more, waits until the program ends, and returns all that it
// has printed; false where it had to be ended.
func (c *Child) finish() (proc.Result, bool) {
	_ = c.pipes.Requests.Close()
	go func() { _, _ = io.Copy(io.Discard, c.pipes.Answers) }() // it may have more to say
	ended := true
	select {
	case <-c.process.Done():
	case <-time.After(endTimeout):
		ended = false
		c.process.Kill()
		<-c.process.Done()
	}
	exit, _ := c.process.Exit()
	stdout, stderr := c.process.Printed()
	return proc.Result{Stdout: stdout, Stderr: stderr, Exit: exit}, ended
}

// endTimeout is how long a program may take to end that is asked no more.
const endTimeout = 3 * time.Second
