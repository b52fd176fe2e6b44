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

// markName is a variable of a shell and of all it starts.
const envTagName = "CNALAB_TERMINAL"

// Wish is what a shell is started for.
type Request struct {
	Lab         string   // its ID
	Dir         string   // the workspace
	Environment []string // the sandbox's addresses; empty while it is not open
	Inside      *Inside  // where the shell is to run inside the sandbox
}

// Inside is a shell that somebody else has made, inside a sandbox.
type Inside struct {
	Command *exec.Cmd
	Close   func() // called when the shell has ended, or does not start
}

// Config is what a keeper works with.
type Config struct {
	// Start returns the command of a shell of this machine, such as Local's; it
	// gets a pseudo-terminal as its standard files.
	Start func(Request) (*exec.Cmd, error)
	// Patience is how long a page may show nothing of what it was sent before it
	// is let go; 15 s where 0.
	Timeout time.Duration
}

// Keeper holds the shells of all labs.
type Shells struct {
	config Config

	mu     sync.Mutex
	last   int
	shells map[string][]*Shell // by lab, in the order in which they were opened
	closed bool
}

// New returns a keeper without any shell. It does no I/O.
func New(config Config) *Shells {
	if config.Timeout == 0 {
		config.Timeout = 15 * time.Second
	}
	return &Shells{config: config, shells: map[string][]*Shell{}}
}

// Open starts a shell.
func (k *Shells) Open(wish Request) (*Shell, error) {
	s, err := k.open(wish)
	if err != nil && wish.Inside != nil {
		wish.Inside.Close()
	}
	return s, err
}

func (k *Shells) open(wish Request) (*Shell, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.closed:
		return nil, &labs.Problem{Kind: labs.Conflict,
			Say:  "The server is closing, so no terminal opens now.",
			Next: "Start it again; your files are saved."}
	case len(k.shells[wish.Lab]) >= Most:
		return nil, &labs.Problem{Kind: labs.Conflict,
			Say:  fmt.Sprintf("This lab has %d terminals, which is as many as it may have.", Most),
			Next: "Close one of them."}
	}
	cmd, err := k.command(wish)
	if err != nil {
		return nil, err
	}
	k.last++
	s := &Shell{
		id: strconv.Itoa(k.last), addresses: len(wish.Environment) > 0, inside: wish.Inside,
		timeout: k.config.Timeout, ended: make(chan struct{}),
	}
	if err := s.start(cmd); err != nil {
		return nil, err
	}
	k.shells[wish.Lab] = append(k.shells[wish.Lab], s)
	go k.forget(wish.Lab, s)
	return s, nil
}

func (k *Shells) command(wish Request) (*exec.Cmd, error) {
	if wish.Inside != nil {
		return wish.Inside.Command, nil
	}
	return k.config.Start(wish)
}

// forget drops a shell from the list when it has ended.
func (k *Shells) forget(lab string, s *Shell) {
	<-s.ended
	k.mu.Lock()
	defer k.mu.Unlock()
	k.shells[lab] = slices.DeleteFunc(k.shells[lab], func(one *Shell) bool { return one == s })
}

// List returns the lab's shells in the order in which they were opened.
func (k *Shells) List(lab string) []*Shell {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.shells[lab])
}

// End ends the lab's shells with all that they started. Those who look at one
// are told why.
func (k *Shells) End(lab string, why Why) { endAll(k.List(lab), why) }

// Close ends every shell, and none opens afterwards.
func (k *Shells) Close() {
	k.mu.Lock()
	k.closed = true
	var all []*Shell
	for _, some := range k.shells {
		all = append(all, some...)
	}
	k.mu.Unlock()
	endAll(all, ServerEnded)
}

func endAll(all []*Shell, why Why) {
	var wait sync.WaitGroup
	for _, s := range all {
		wait.Go(func() { s.End(why) })
	}
	wait.Wait()
}

// Sweep ends what shells left running whose server is dead, as after kill -9.
func Sweep() { process.Sweep(envTagName) }
