// Package process runs programs that must not outlive this one, whatever they
// do: what a program forks is paused, ended and counted with it, what it
// prints and how much memory it takes is bounded, and what is left after a
// kill -9 of this program is found again at its next start. It knows nothing
// of brokers, databases or services.
//
// On Linux it sees every descendant. Elsewhere it sees the process group.
package process

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

// mark is the variable that tells which lease, and which start below it, a
// process descends from.
const mark = "CNALAB_PROCESS"

// lastWords bounds the wait for what is still in the pipe after the end.
const lastWords = 200 * time.Millisecond

// Spec says what to run.
type Spec struct {
	Path   string
	Args   []string
	Dir    string
	Env    []string       // the whole environment
	Output io.Writer      // gets what it prints; may block to slow it down
	Owner  *Owner         // who runs it; ourselves where nil
	Memory uint64         // bytes of memory of its own it may have; 0 is no bound
	End    syscall.Signal // asks it to end; SIGTERM where 0
	Home   string         // a folder where only it and what it forks work; may be empty
	Lease  *Lease         // where it is written down
}

// Owner is the user a process runs as.
type Owner struct{ UID, GID int }

// Process is a running program with all it has forked.
type Process struct {
	spec   Spec
	cmd    *exec.Cmd
	id     Identity
	mark   string // NAME=VALUE, in the environment of it and its descendants
	done   chan struct{}
	err    error
	excess atomic.Pointer[string]
}

// Start runs the program.
func Start(spec Spec) (*Process, error) {
	name := filepath.Base(spec.Path)
	out, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	defer in.Close()
	p := &Process{spec: spec, done: make(chan struct{}), mark: mark + "=" + spec.Lease.next()}
	p.cmd = &exec.Cmd{Path: spec.Path, Args: append([]string{spec.Path}, spec.Args...), Dir: spec.Dir,
		Env: append(spec.Env, p.mark), Stdout: in, Stderr: in, SysProcAttr: attributes(spec.Owner)}
	if err := spawn(p.cmd.Start); err != nil {
		out.Close()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p.id = Identify(p.cmd.Process.Pid)
	limit(p.cmd.Process.Pid, spec.Memory)
	if err := spec.Lease.wrote(p.id); err != nil {
		p.killTree()
		p.cmd.Wait()
		out.Close()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	watched.add(p)
	go p.wait(p.read(out))
	return p, nil
}

// PID is the process's number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the process and all it has forked are gone and what
// they printed has been passed on.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err says how the process ended, once Done is closed: nil for a good end.
func (p *Process) Err() error {
	<-p.done
	if why := p.excess.Load(); why != nil {
		return errors.New(*why)
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
		case <-time.After(lastWords):
		}
		out.Close()
		<-ended
	}
}

func (p *Process) wait(endReading func()) {
	p.err = p.cmd.Wait()
	watched.remove(p)
	p.killTree() // what it forked must not go on without it
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

// Kill ends the process and all it has forked at once, and returns when they
// are gone.
func (p *Process) Kill() {
	p.killTree()
	<-p.done
}
