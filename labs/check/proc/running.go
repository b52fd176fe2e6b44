package proc

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/process"
)

// Call is how a program is started.
type Call struct {
	Args  []string
	Env   []string // KEY=VALUE, over the check's own environment
	Stdin string
	Open  bool     // keep stdin open for Send; Stdin is not used then
	Reads []string // files that it sees beside the workspace, such as a certificate of the check's
}

// Running is a process of a learner's program. It is ended with the check,
// and all that it started with it.
type Running struct {
	*Process
	c     *check.C
	args  []string
	mutex sync.Mutex
	lines []string
	next  int
}

// Start starts the program; it runs in its own folder's parent, the workspace.
func (p *Program) Start(call Call) *Running {
	p.c.Helper()
	command := Command{
		Name: p.Name, Path: p.binary, Args: call.Args, Env: call.Env, Open: call.Open, Dir: p.c.Workspace(), Isolated: true, Reads: call.Reads,
	}
	if !call.Open {
		command.Stdin = strings.NewReader(call.Stdin)
	}
	process, err := Start(p.c.Context, command)
	p.c.Must(err, "The program "+p.Name+" could not be started.")
	p.c.Cleanup(func() {
		process.Kill()
		<-process.Done()
	})
	return &Running{Process: process, c: p.c, args: call.Args}
}

// Run starts the program and waits until it ends. One that does not end in
// time, or panics, ends the check as could not check.
func (p *Program) Run(within time.Duration, call Call) *Running {
	p.c.Helper()
	r := p.Start(call)
	r.Wait(within)
	return r
}

// Wait waits until the program ends, and ends the check as could not check
// where it does not in time, or panics.
func (r *Running) Wait(within time.Duration) Exit {
	r.c.Helper()
	exit, ended := r.Ended(within)
	if !ended {
		r.c.CouldNotCheck(check.Finding{
			Say:  fmt.Sprintf("The program %s did not end within %s.", r.Name, within),
			Next: "Look for a loop that does not end, or a wait for something that does not come.",
			At:   r.Name, Output: r.Output(),
		})
	}
	return exit
}

// Ended waits like Wait, and leaves it to the check what a program means that
// does not end.
func (r *Running) Ended(within time.Duration) (Exit, bool) {
	r.c.Helper()
	select {
	case <-r.Done():
	case <-time.After(within):
	case <-r.c.Context.Done():
	}
	r.Sound()
	return r.Exit()
}

// Sound ends the check as could not check where the program has panicked, or has
// printed or written without end.
func (r *Running) Sound() {
	r.c.Helper()
	exit, ended := r.Exit()
	trace, crashed := panicked(r.stderr.String())
	switch {
	case ended && exit.Flooded:
		r.c.CouldNotCheck(check.Finding{
			Say: "The program " + r.Name + " printed without end, and was ended.", At: r.Name,
			Output: check.FirstLines(r.stdout.String()+r.stderr.String(), check.OutputLines),
		})
	case ended && exit.Filled:
		r.c.CouldNotCheck(check.Finding{
			Say: fmt.Sprintf("The program %s wrote more than %d MB, and was ended.", r.Name, process.MostWritten>>20), At: r.Name,
			Next: "Look for a loop that writes to a file and does not end.", Output: r.Output(),
		})
	case ended && crashed && OutOfMemory(trace):
		r.c.CouldNotCheck(check.Finding{
			Say: "The program " + r.Name + " took more memory than it may, and was ended.", At: r.Name,
			Next: "Look for a loop that keeps what it makes.", Output: r.Output(),
		})
	case ended && crashed:
		trace = strings.ReplaceAll(trace, r.c.Workspace()+string(filepath.Separator), "")
		r.c.CouldNotCheck(check.Finding{
			Say: "The program " + r.Name + " panicked.", At: firstFrame(trace),
			Next: "Read the first lines of the trace, then the line it names.", Output: trace,
		})
	}
}

// Lines returns the whole lines that the program has printed on stdout.
func (r *Running) Lines() []string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	more, next := r.stdout.Lines(r.next)
	r.lines, r.next = append(r.lines, more...), next
	return slices.Clip(r.lines)
}

// Output is what a finding shows of the program: the last lines it printed.
func (r *Running) Output() string {
	output := strings.TrimSpace(check.LastLines(r.stdout.String(), check.OutputLines/2) + "\n" + check.LastLines(r.stderr.String(), check.OutputLines/2))
	return strings.ReplaceAll(output, r.c.Workspace()+string(filepath.Separator), "")
}

// Terminate asks the program to end in good order (SIGTERM).
func (r *Running) Terminate() { _ = r.Signal(syscall.SIGTERM) }

// Kill ends the program at once, as a power cut does (SIGKILL), and all that it
// started, and waits until it is gone.
func (r *Running) Kill() {
	r.Process.Kill()
	<-r.Done()
}

// Await looks again and again until look returns nil. It ends the check as not
// yet with the last finding when the time within is over, and as could not
// check as soon as one of the programs panics or prints without end.
func Await(c *check.C, within time.Duration, look func() *check.Finding, programs ...*Running) {
	c.Helper()
	deadline := time.Now().Add(within)
	for {
		for _, r := range programs {
			r.Sound()
		}
		finding := look()
		if finding == nil {
			return
		}
		if c.Context.Err() != nil || time.Now().After(deadline) {
			c.NotYet(*withOutput(finding, programs))
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// Stays is check.C's, and shows what the programs printed.
func Stays(c *check.C, during time.Duration, look func() *check.Finding, programs ...*Running) {
	c.Helper()
	c.Stays(during, func() *check.Finding { return withOutput(look(), programs) })
}

// withOutput shows what the programs printed, where the finding shows nothing.
func withOutput(f *check.Finding, programs []*Running) *check.Finding {
	if f == nil || f.Output != "" {
		return f
	}
	shown := *f
	for _, r := range programs {
		shown.Output += fmt.Sprintf("$ %s %s\n%s\n", r.Name, strings.Join(r.args, " "), r.Output())
	}
	return &shown
}
