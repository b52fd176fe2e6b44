// Package terminal keeps the shells that learners type in: each runs in a
// pseudo-terminal in a lab's workspace and goes on while no page looks at it.
// What it printed last is kept, so that a page that comes back finds its
// screen; a shell ends with all that it started when its tab is closed, when
// its lab ends, or with this program. The package knows nothing of pages,
// sockets and sandboxes: it is handed a folder and an environment.
package terminal

import (
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/process"
)

// Most is how many shells a lab may have.
const Most = 8

// envTagName is a variable of a shell and of all it starts.
const envTagName = "CNALAB_TERMINAL"

// Request is what a shell is started for.
type Request struct {
	Lab         string   // its ID
	Dir         string   // the workspace
	Environment []string // the sandbox's addresses; empty while it is not open
	Plain       bool     // without the start-up of the person's own shell
	Inside      *Inside  // where the shell is to run inside the sandbox
	Record      string   // the file that what is typed is added to; empty where nobody keeps it
}

// Inside is a shell that somebody else has made, inside a sandbox.
type Inside struct {
	Command *exec.Cmd
	Close   func() // called when the shell has ended, or does not start
}

// Config is what Shells work with.
type Config struct {
	// Start returns the command of a shell of this machine, such as Local's; it
	// gets a pseudo-terminal as its standard files.
	Start func(Request) (*exec.Cmd, error)
	// Timeout is how long a page may show nothing of what it was sent before it
	// is let go; 15 s where 0.
	Timeout time.Duration
}

// Shells holds the shells of all labs.
type Shells struct {
	config Config

	mu     sync.Mutex
	last   int
	shells map[string][]*Shell // by lab, in the order in which they were opened
	closed bool
}

// New returns Shells without any shell. It does no I/O.
func New(config Config) *Shells {
	if config.Timeout == 0 {
		config.Timeout = 15 * time.Second
	}
	return &Shells{config: config, shells: map[string][]*Shell{}}
}

// Open starts a shell.
func (s *Shells) Open(request Request) (*Shell, error) {
	shell, err := s.open(request)
	if err != nil && request.Inside != nil {
		request.Inside.Close()
	}
	return shell, err
}

func (s *Shells) open(request Request) (*Shell, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, &labs.Problem{Kind: labs.Conflict,
			Say:  "The server is closing, so no terminal opens now.",
			Next: "Start it again; your files are saved."}
	case len(s.shells[request.Lab]) >= Most:
		return nil, &labs.Problem{Kind: labs.Conflict,
			Say:  fmt.Sprintf("This lab has %d terminals, which is as many as it may have.", Most),
			Next: "Close one of them."}
	}
	cmd, err := s.command(request)
	if err != nil {
		return nil, err
	}
	s.last++
	shell := &Shell{
		id: strconv.Itoa(s.last), addresses: len(request.Environment) > 0, inside: request.Inside,
		timeout: s.config.Timeout, ended: make(chan struct{}),
	}
	if err := shell.start(cmd); err != nil {
		return nil, err
	}
	s.shells[request.Lab] = append(s.shells[request.Lab], shell)
	go s.forget(request.Lab, shell)
	return shell, nil
}

func (s *Shells) command(request Request) (*exec.Cmd, error) {
	if request.Inside != nil {
		return request.Inside.Command, nil
	}
	return s.config.Start(request)
}

// forget drops a shell from the list when it has ended.
func (s *Shells) forget(lab string, shell *Shell) {
	<-shell.ended
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shells[lab] = slices.DeleteFunc(s.shells[lab], func(one *Shell) bool { return one == shell })
}

// List returns the lab's shells in the order in which they were opened.
func (s *Shells) List(lab string) []*Shell {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.shells[lab])
}

// End ends the lab's shells with all that they started. Those who look at one
// are told why.
func (s *Shells) End(lab string, why Why) { endAll(s.List(lab), why) }

// Close ends every shell, and none opens afterwards.
func (s *Shells) Close() {
	s.mu.Lock()
	s.closed = true
	var all []*Shell
	for _, some := range s.shells {
		all = append(all, some...)
	}
	s.mu.Unlock()
	endAll(all, ServerEnded)
}

func endAll(all []*Shell, why Why) {
	var wait sync.WaitGroup
	for _, s := range all {
		wait.Go(func() { s.End(why) })
	}
	wait.Wait()
}

// EnvTag is a variable by which Sweep finds what a shell has started, for one
// that somebody else starts.
func EnvTag() string { return process.EnvTag(envTagName) }

// Sweep ends what shells left running whose server is dead, as after kill -9.
func Sweep() { process.Sweep(envTagName, grace) }
