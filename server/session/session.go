// Package session keeps one learner's work in one lab together: the workspace,
// the sandbox that runs it, the checks that look at it, what is remembered of
// the steps, and one bus that tells what happens (package event). The page,
// `verify` and `prove` all go through it, so that they give the same verdicts.
// It knows nothing of HTTP and of how a sandbox is brought up. It is longer than
// other packages because opening, checking and closing are one state below one
// lock: each looks at what the others are doing.
package session

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/session/event"
)

// Session is one learner in one lab. Its methods may be called from many
// goroutines.
type Session struct {
	sessions  *Sessions
	learner   string
	now       atomic.Pointer[labs.Lab] // an author may change it
	workspace string                   // fixed by Sessions.SessionAt; empty means the learner's own

	bus     event.Bus
	reading sync.Mutex // held while what is remembered is read

	mu       sync.Mutex
	status   sandbox.Status
	closed   bool            // the learner has closed the sandbox
	opening  *opening        // set while opening and open
	ending   <-chan struct{} // closed when the last close has ended
	run      *run            // the check run under way
	last     labs.Run        // what Run returns
	touched  time.Time       // when somebody last used it
	standing map[int]labs.Standing
	reminder reminder
	watched  int                // how many need to be told of the files
	unwatch  context.CancelFunc // ends the file watcher; set while watched is not 0
}

// Lab is the lab that the session is about.
func (s *Session) Lab() *labs.Lab { return s.now.Load() }

// Open opens the sandbox and compiles the checks beside it. It returns when
// the sandbox answers; where it is open already, at once. An open that is
// under way is joined. A caller whose ctx ends stops waiting, and the opening
// goes on: only Close ends it.
func (s *Session) Open(ctx context.Context) error {
	s.Touch()
	o := s.begin()
	select {
	case <-o.done:
		return o.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Start begins to open and returns at once; Status tells how it goes.
func (s *Session) Start() {
	s.Touch()
	s.begin()
}

// Visit begins to open for a learner who reads, unless they have closed the
// sandbox, or it did not open.
func (s *Session) Visit() {
	s.mu.Lock()
	closed := s.status.Phase == sandbox.Closed && !s.closed
	s.mu.Unlock()
	if closed {
		s.Start()
	}
}

// Close ends the check run and the sandbox. The learner's files stay.
func (s *Session) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	return s.close(nil)
}

// Status returns what the sandbox is doing.
func (s *Session) Status() sandbox.Status {
	s.mu.Lock()
	status := s.status
	running, _ := s.current()
	s.mu.Unlock()
	if running != nil {
		status.Parts = running.Parts()
	}
	return status
}

// Run returns the check run under way, or else the last one since the session
// began.
func (s *Session) Run() labs.Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}
