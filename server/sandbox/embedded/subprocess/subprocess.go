// Package subprocess runs the programs of a sandbox, which must not outlive it: each
// is written down in a cleanup record, so that what is left after a kill -9 of this
// program is found again at its next start; it can be paused and asked to end,
// and one that forks, takes memory or writes without end is ended. It knows nothing of
// brokers, databases or services.
package subprocess

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"cnalab/labs"
	"cnalab/labs/process"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/part"
)

// drainTimeout bounds the wait for what is still in the pipe after the end.
const drainTimeout = 200 * time.Millisecond

// Spec says what to run.
type Spec struct {
	Path    string
	Args    []string
	Dir     string
	Env     []string         // the whole environment
	Output  io.Writer        // gets what it prints; may block to slow it down
	Account *process.Account // who runs it; ourselves where nil
	Memory  uint64           // bytes of memory of its own it may have; 0 is no bound
	End     syscall.Signal   // asks it to end; SIGTERM where 0
	Home    string           // a folder where only it and what it forks work; may be empty
	Record  *cleanup.Record  // where it is written down
	// Isolation is what it is kept away from, where it is the learner's; may be nil.
	Isolation *process.Isolation
}

// Process is a running program with all it has forked.
type Process struct {
	spec     Spec
	cmd      *exec.Cmd
	tree     *process.Tree
	done     chan struct{}
	err      error
	exceeded atomic.Pointer[part.LimitExceeded]
}

// Start runs the program.
func Start(spec Spec) (*Process, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return nil, spec.notStarted(err)
	}
	defer in.Close()
	p := &Process{spec: spec, done: make(chan struct{}), tree: spec.tree()}
	p.cmd = &exec.Cmd{Path: spec.Path, Args: append([]string{spec.Path}, spec.Args...), Dir: spec.Dir,
		Env: spec.Env, Stdout: in, Stderr: in, SysProcAttr: attributes(spec.Account)}
	if err := p.tree.Start(p.cmd); err != nil {
		out.Close()
		return nil, spec.notStarted(err)
	}
	if err := spec.Record.Started(p.tree.Roots[0]); err != nil {
		p.tree.Kill()
		p.cmd.Wait()
		out.Close()
		return nil, spec.notStarted(err)
	}
	watched.add(p)
	go p.wait(p.read(out))
	return p, nil
}

// notStarted is a *labs.Problem where the machine is why.
func (s Spec) notStarted(err error) error {
	err = fmt.Errorf("start %s: %w", filepath.Base(s.Path), err)
	if problem := labs.Unstartable(s.Path, err); problem != nil {
		return problem
	}
	return err
}

// tree is what the program will be the root of.
func (s Spec) tree() *process.Tree {
	t := &process.Tree{EnvTag: s.Record.EnvTag(), Data: s.Memory, Isolation: s.Isolation}
	if s.Memory > 0 {
		t.Forks = mostForks
	}
	if s.Home != "" {
		t.Homes = []string{s.Home}
	}
	return t
}

// PID is the process's number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the process and all it has forked are gone and what
// they printed has been passed on.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the process ended, once Done is closed: nil for a good end.
func (p *Process) Err() error {
	<-p.done
	if why := p.exceeded.Load(); why != nil {
		return *why
	}
	return p.err
}

// read passes on what is printed. The returned function ends it.
func (p *Process) read(out *os.File) (end func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		io.Copy(p.spec.Output, struct{ io.Reader }{out})
	}()
	return func() {
		select {
		case <-ended:
		case <-time.After(drainTimeout):
		}
		out.Close()
		<-ended
	}
}

func (p *Process) wait(endReading func()) {
	p.err = p.cmd.Wait()
	watched.remove(p)
	if p.filled() { // it ended by itself, for want of room
		p.exceeded.CompareAndSwap(nil, &wroteTooMuch)
	}
	p.tree.Kill() // what it forked must not go on without it
	endReading()
	close(p.done)
}

// Stop asks the process to end, and kills it with all it has forked when the
// grace is over. It returns when all are gone.
func (p *Process) Stop(grace time.Duration) {
	select {
	case <-p.done:
		return // its number may be another's by now
	default:
		p.ask()
	}
	select {
	case <-p.done:
	case <-time.After(grace):
		p.Kill()
	}
}

// ask asks for an end in good order, where the system can; a paused process is
// let go on to do so.
func (p *Process) ask() {
	end := p.spec.End
	if end == 0 {
		end = syscall.SIGTERM
	}
	if p.cmd.Process.Signal(end) != nil {
		p.cmd.Process.Kill()
	}
	p.tree.Resume()
}

// Pause freezes the process and all it has forked. An error is a
// *labs.Problem: this system cannot.
func (p *Process) Pause() error {
	if !process.Freezes {
		return &labs.Problem{Kind: labs.Machine, Say: "This system cannot pause a process.", Next: "Choose another fault, or a sandbox of containers."}
	}
	p.tree.Freeze()
	return nil
}

// Resume lets them go on.
func (p *Process) Resume() { p.tree.Resume() }

// Kill ends the process and all it has forked at once, and returns when they
// are gone.
func (p *Process) Kill() {
	p.tree.Kill()
	<-p.done
}
