package session

import (
	"context"
	"errors"
	"slices"

	"cnalab/labs"
	"cnalab/server/grade"
)

// Grader compiles a lab's checks and runs them; package grade has the real one.
type Grader interface {
	Compile(ctx context.Context, lab *labs.Lab) (binary string, err error)
	Run(ctx context.Context, run grade.Run) labs.Report
}

// run is one check run.
type run struct {
	steps  []int
	cancel context.CancelCauseFunc
	done   chan struct{}
	newer  *run // took this one's place; set before cancel
	died   map[string]bool
	report labs.Report
	err    error
}

// Check looks at the steps, at all where none is named, and returns what it
// saw; it opens the sandbox where it is closed. One run goes on at a time: a
// new check of the same steps takes the older one's place, because the
// workspace may have changed, and both callers get the newer report; a check
// of other steps waits for its turn.
//
// An error means that there is no report at all: the caller's ctx ended, the
// session was closed, or the sandbox did not open.
func (s *Session) Check(ctx context.Context, steps ...int) (labs.Report, error) {
	s.Touch()
	if len(steps) == 0 {
		for _, step := range s.Lab().Steps {
			steps = append(steps, step.Number)
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r := &run{steps: steps, cancel: cancel, done: make(chan struct{}), died: map[string]bool{}}
	if r.err = s.acquire(ctx, r); r.err != nil {
		r.err = s.why(ctx, r.err)
		close(r.done)
		return labs.Report{}, r.err
	}
	r.report, r.err = s.runChecks(ctx, r)
	r.err = s.why(ctx, r.err)
	s.release(r)
	for r.newer != nil {
		r = r.newer
		<-r.done
	}
	return r.report, r.err
}

// why is what a check's error comes from, where that says more: it was ended
// for a reason, or the server was while the check waited for its turn or its
// sandbox.
func (s *Session) why(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if why, ok := errors.AsType[*labs.Problem](context.Cause(ctx)); ok {
		return why
	}
	if why := s.sessions.whyEnded(); why != nil {
		return why
	}
	return err
}

// Cancel ends the check run under way, if any; its caller gets an error.
func (s *Session) Cancel() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != nil {
		s.run.cancel(nil)
	}
}

// take waits until r is the session's one run.
func (s *Session) acquire(ctx context.Context, r *run) error {
	for {
		s.mu.Lock()
		before := s.run
		if before == nil {
			s.run = r
			s.last = labs.Run{Steps: r.steps, Running: true, Total: s.count(r.steps), Report: labs.Report{Lab: s.Lab().ID}}
			s.mu.Unlock()
			s.watchers.change()
			return nil
		}
		if slices.Equal(before.steps, r.steps) && before.newer == nil {
			before.newer = r
			before.cancel(nil)
		}
		s.mu.Unlock()
		select {
		case <-before.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
