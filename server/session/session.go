// Package session keeps one learner's work in one lab together: the copy of
// the workspace, the sandbox that runs it, and the checks that look at it.
// The page, `verify` and `prove` all go through it, so that they give the
// same verdicts. It knows nothing of HTTP and of how a sandbox is brought up.
package session

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// Session is one lab for one learner. Its methods may be called from many
// goroutines.
type Session struct {
	sessions  *Sessions
	now       atomic.Pointer[labs.Lab] // an author may change it
	workspace string                   // fixed by Keeper.SessionAt; empty means the desk's copy

	watchers watchers

	mu      sync.Mutex
	status  sandbox.Status
	opening *opening        // set while opening and open
	ending  <-chan struct{} // closed when the last close has ended
	run     *run            // the check run under way
	last    labs.Run        // what Run returns
	touched time.Time       // when somebody last used it
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

// Close ends the check run and the sandbox. The learner's files stay.
func (s *Session) Close() error { return s.close(nil) }

// Status returns what the sandbox is doing.
func (s *Session) Status() sandbox.Status {
	s.mu.Lock()
	status := s.status
	box, _ := s.current()
	s.mu.Unlock()
	if box != nil {
		status.Parts = box.Parts()
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
