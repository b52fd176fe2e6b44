package terminal

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/creack/pty"

	"cnalab/labs"
	"cnalab/labs/process"
)

const (
	kept    = 256 << 10              // bytes of output that a shell keeps
	atOnce  = 32 << 10               // bytes read from a shell in one go
	largest = 1000                   // columns and rows of a screen
	grace   = 3 * time.Second        // for a shell to tidy up before it is killed: what its start-up has locked at home stays locked else
	reading = 300 * time.Millisecond // for what a shell printed before it was ended
)

// Why is why a shell has ended.
type Why string

// The ways to end.
const (
	Exited       Why = "exited" // by itself
	Closed       Why = "closed" // its tab was closed
	SandboxEnded Why = "sandbox"
	ServerEnded  Why = "server"
)

// Shell is one shell in its pseudo-terminal. Its methods may be called from
// many goroutines.
type Shell struct {
	id        string
	addresses bool
	inside    *Inside // nil where it runs on this machine
	timeout   time.Duration
	cmd       *exec.Cmd
	tree      *process.Tree
	files     *os.File // our end of the pseudo-terminal
	input     *queue
	ended     chan struct{}

	mu      sync.Mutex
	changed *sync.Cond // something came, was shown, or ended
	out     *ring
	screens map[*Screen]bool
	over    bool // nothing more will come
	why     Why
}

// ID names the shell; no two of a server are the same.
func (s *Shell) ID() string { return s.id }

// Addresses reports whether the shell was told the sandbox's addresses.
func (s *Shell) Addresses() bool { return s.addresses }

// Inside reports whether the shell runs inside the sandbox.
func (s *Shell) Inside() bool { return s.inside != nil }

// start gives the command a pseudo-terminal and runs it.
func (s *Shell) start(cmd *exec.Cmd) error {
	files, theirs, err := pty.Open()
	if err != nil {
		return noTerminal(err)
	}
	defer theirs.Close()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs, theirs, theirs
	ownSession(cmd)
	_ = pty.Setsize(files, &pty.Winsize{Cols: 80, Rows: 24}) // until a page tells its own
	s.cmd, s.files, s.out, s.screens = cmd, files, newRing(kept), map[*Screen]bool{}
	s.changed = sync.NewCond(&s.mu)
	s.input = newQueue(func() { flush(theirs.Name()) })
	s.tree = &process.Tree{EnvTag: EnvTag()}
	if err := s.tree.Start(cmd); err != nil {
		files.Close()
		return noShell(err)
	}
	read := make(chan struct{})
	go s.input.drain(files, s.ended)
	go func() { defer close(read); s.read() }()
	go s.wait(read)
	return nil
}

func noTerminal(err error) error {
	return &labs.Problem{Kind: labs.Machine, Err: err,
		Say:  "This system has no pseudo-terminals, so the page can have no terminal.",
		Next: "Open the folder of your workspace in a terminal of your own; the menu above the editor names it."}
}

func noShell(err error) error {
	return &labs.Problem{Kind: labs.Machine, Err: err,
		Say:    "The shell did not start.",
		Next:   "Set SHELL to one that runs here, and start the server again.",
		Detail: err.Error()}
}

// read takes what the shell prints. While a page still has to show what is
// kept for it, nothing is read: then the program that prints has to wait, as
// in any terminal.
func (s *Shell) read() {
	buffer := make([]byte, atOnce)
	for {
		s.awaitRoom()
		n, err := s.files.Read(buffer)
		s.mu.Lock()
		s.out.write(buffer[:n])
		s.over = s.over || err != nil
		s.changed.Broadcast()
		s.mu.Unlock()
		if err != nil {
			return // the last who could print has ended
		}
	}
}

// awaitRoom waits until a read overwrites nothing that a page has to show, and
// lets go of a page that shows nothing any more.
func (s *Shell) awaitRoom() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.over {
		slowest := s.slowest()
		if slowest == nil || s.out.end+atOnce-slowest.shown <= kept {
			return
		}
		before := slowest.shown
		late := time.AfterFunc(s.timeout, func() { s.letGo(slowest, before) })
		s.changed.Wait()
		late.Stop()
	}
}

func (s *Shell) slowest() (slowest *Screen) {
	for screen := range s.screens {
		if slowest == nil || screen.shown < slowest.shown {
			slowest = screen
		}
	}
	return slowest
}

// wait ends what the shell started when the shell itself has ended.
func (s *Shell) wait(read <-chan struct{}) {
	_ = s.cmd.Wait() // how it ended is nobody's business
	s.tree.Kill()
	select {
	case <-read: // the pages have shown nearly all
	case <-time.After(s.lastLines()): // something that we may not signal holds on
	}
	s.mu.Lock()
	if s.over = true; s.why == "" {
		s.why = Exited
	}
	s.changed.Broadcast()
	s.mu.Unlock()
	s.files.Close()
	if s.inside != nil {
		s.inside.Close()
	}
	close(s.ended)
}

// lastLines bounds the wait for what is still to be read after the end.
func (s *Shell) lastLines() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why == "" {
		return 10 * reading
	}
	return reading
}

// Write types bytes into the shell. It does not wait until they are read.
func (s *Shell) Write(p []byte) error { return s.input.put(p) }

// Resize tells the shell how large its screen is.
func (s *Shell) Resize(columns, rows int) error {
	if columns < 1 || rows < 1 || columns > largest || rows > largest {
		return &labs.Problem{Kind: labs.BadInput,
			Say:  fmt.Sprintf("A terminal cannot have %d columns and %d rows.", columns, rows),
			Next: fmt.Sprintf("Give it between 1 and %d of each.", largest)}
	}
	return pty.Setsize(s.files, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)})
}

// End ends the shell with all that it started, and returns when they are gone.
func (s *Shell) End(why Why) {
	s.mu.Lock()
	if s.why == "" {
		s.why = why
	}
	s.mu.Unlock()
	hangUp(s.cmd, s.files)
	select {
	case <-s.ended:
		return
	case <-time.After(grace):
	}
	s.tree.Kill()
	<-s.ended
}
