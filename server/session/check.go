package session

import (
	"context"
	"errors"
	"slices"

	"cnalab/labs"
	"cnalab/server/grade"
	"cnalab/server/session/event"
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
	newer  *run     // took this one's place; set before cancel
	died   []string // parts that ended by themselves meanwhile
	report labs.Report
	err    error
}

// Check looks at the steps, at all where none is named, and returns what it
// saw; it opens the sandbox where it is closed. One run goes on at a time: a
// new check of the same steps takes the older one's place, because the
// workspace may have changed, and both callers get the newer report; a check
// of other steps waits for the end of that run.
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
	r := &run{steps: steps, cancel: cancel, done: make(chan struct{})}
	if r.err = s.acquire(ctx, r); r.err != nil {
		r.err = s.why(ctx, r.err)
		s.ask(nil)
		close(r.done)
		return labs.Report{}, r.err
	}
	r.report, r.err = s.runChecks(ctx, r)
	r.err = s.why(ctx, r.err)
	s.release(ctx, r)
	for r.newer != nil {
		r = r.newer
		<-r.done
	}
	return r.report, r.err
}

// why is what a check's error comes from, where that says more: it was ended
// for a reason, or the server was while the check waited for another or for
// its sandbox.
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

// StartCheck checks the steps though whoever asks does not wait: Run and the
// bus tell what it finds, and that it was asked for from now on.
func (s *Session) StartCheck(steps ...int) {
	s.ask(steps)
	began := s.sessions.start(func(ctx context.Context) {
		if _, err := s.Check(ctx, steps...); err != nil && !errors.Is(err, context.Canceled) {
			s.sessions.config.Log.Info("check", "lab", s.Lab().ID, "err", err)
		}
	})
	if !began {
		s.ask(nil) // the server is closing
	}
}

// ask notes the steps of a run that has not begun.
func (s *Session) ask(steps []int) {
	s.mu.Lock()
	s.last.Asked = steps
	s.mu.Unlock()
	s.bus.Publish(event.Run, event.Progress)
}

// Cancel ends the check run under way, if any, and returns when it has ended
// or ctx has. Who waits for it gets an error.
func (s *Session) Cancel(ctx context.Context) {
	s.mu.Lock()
	r := s.run
	s.mu.Unlock()
	if r == nil {
		return
	}
	r.cancel(nil)
	select {
	case <-r.done:
	case <-ctx.Done():
	}
}

// acquire waits until r is the session's one run.
func (s *Session) acquire(ctx context.Context, r *run) error {
	for {
		s.mu.Lock()
		before := s.run
		if before == nil {
			s.run = r
			s.last = labs.Run{Steps: r.steps, Running: true, Report: labs.Report{Lab: s.Lab().ID}}
			s.mu.Unlock()
			s.bus.Publish(event.Run, event.Progress)
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
