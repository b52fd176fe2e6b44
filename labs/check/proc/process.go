// Package proc lets a check build the programs of the learner's workspace and
// run them as processes, bounded in time, output and memory. Each ends with the
// check, and with it all that it started. The package knows nothing of what a
// program should do.
package proc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"cnalab/labs/bounded"
	"cnalab/labs/environ"
	"cnalab/labs/process"
)

// envTagName is the variable that tells which program of which check a process
// descends from.
const envTagName = "CHECK_PROCESS"

// Process is a program that has been started. Its methods may be called from
// many goroutines.
type Process struct {
	Name   string
	cmd    *exec.Cmd
	input  *os.File
	stdout *bounded.Buffer
	stderr *bounded.Buffer
	tree   *process.Tree
	done   chan struct{}
	exit   Exit // set before done is closed
}

// Start starts the command. When ctx ends, or the program does, everything
// that it started is killed.
func Start(ctx context.Context, command Command) (*Process, error) {
	if command.Name == "" {
		command.Name = filepath.Base(command.Path)
	}
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, command.Path, command.Args...)
	bound := orDefault(command.Output, defaultOutput)
	p := &Process{
		Name: command.Name, cmd: cmd, done: make(chan struct{}),
		tree:   &process.Tree{EnvTag: process.EnvTag(envTagName), Data: uint64(orDefault(command.Memory, defaultMemory))},
		stdout: &bounded.Buffer{Limit: bound, Full: cancel}, stderr: &bounded.Buffer{Limit: bound, Full: cancel},
	}
	env := environ.Program()
	if command.Isolated {
		p.tree.Isolation, env = isolation(command.Reads), environment()
	}
	cmd.Dir, cmd.Env = command.Dir, append(env, command.Env...)
	cmd.Stdout, cmd.Stderr, cmd.Stdin = p.stdout, p.stderr, command.Stdin
	cmd.Cancel, cmd.WaitDelay = func() error { p.Kill(); return nil }, 300*time.Millisecond
	if err := p.launch(command); err != nil {
		cancel()
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	if command.Isolated {
		go p.boundWritten()
	}
	go func() {
		defer cancel()
		p.wait(ctx)
	}()
	return p, nil
}

// writtenEvery is how often is looked what a program has written: where it has no
// disk of its own, that takes a few milliseconds.
const writtenEvery = 200 * time.Millisecond

// boundWritten ends a program that writes more than it may.
func (p *Process) boundWritten() {
	tick := time.NewTicker(writtenEvery)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-tick.C:
			if p.filled() {
				p.tree.Kill()
				return
			}
		}
	}
}

func (p *Process) filled() bool { return p.tree.Written() >= process.MostWritten }

func (p *Process) launch(command Command) error {
	if command.Pipes != nil {
		defer command.Pipes.handed()
		if err := command.Pipes.hand(p.cmd, command.PipesName); err != nil {
			return err
		}
	}
	if !command.Open {
		return p.tree.Start(p.cmd)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	p.cmd.Stdin, p.input = read, write
	if err := p.tree.Start(p.cmd); err != nil {
		write.Close()
		return err
	}
	return nil
}

func (p *Process) wait(ctx context.Context) {
	err := p.cmd.Wait()
	p.exit = Exit{Flooded: p.stdout.Overflowed() || p.stderr.Overflowed(), Code: -1, Say: "ended"}
	p.exit.Filled = p.tree.Isolation != nil && p.filled()
	p.exit.Late = !p.exit.Flooded && !p.exit.Filled && errors.Is(ctx.Err(), context.DeadlineExceeded)
	if state := p.cmd.ProcessState; state != nil {
		p.exit.Code, p.exit.Say = state.ExitCode(), state.String()
	} else if err != nil {
		p.exit.Say = err.Error()
	}
	p.tree.Kill()
	if p.input != nil {
		p.input.Close()
	}
	close(p.done)
}

// Done is closed when the program has ended and all it printed was read.
func (p *Process) Done() <-chan struct{} { return p.done }

// Printed is what the program has printed so far.
func (p *Process) Printed() (stdout, stderr string) { return p.stdout.String(), p.stderr.String() }

// Exit returns how the program ended; false while it runs.
func (p *Process) Exit() (Exit, bool) {
	select {
	case <-p.done:
		return p.exit, true
	default:
		return Exit{}, false
	}
}

// Kill ends the program and everything that it started, at once.
func (p *Process) Kill() { p.tree.Kill() }

// Freeze stops the program and all that it started where they are; Resume lets
// them go on.
func (p *Process) Freeze() { p.tree.Freeze() }

// Resume undoes Freeze.
func (p *Process) Resume() { p.tree.Resume() }

// Signal sends a signal to the program alone.
func (p *Process) Signal(signal os.Signal) error { return p.cmd.Process.Signal(signal) }

// Send writes a line to the program's stdin, and gives up where the program
// does not read it within a second. The command must have had Open set.
func (p *Process) Send(line string) error { return p.SendText(line + "\n") }

// SendText writes to the program's stdin as Send does, and ends no line.
func (p *Process) SendText(text string) error {
	_ = p.input.SetWriteDeadline(time.Now().Add(time.Second))
	_, err := io.WriteString(p.input, text)
	return err
}

// CloseInput tells the program that its stdin ends here.
func (p *Process) CloseInput() error { return p.input.Close() }
