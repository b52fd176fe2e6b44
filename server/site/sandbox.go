package site

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/site/httperror"
)

// Session is one lab's sandbox and checks; package session has the real one.
type Session interface {
	opener
	breaker
	snapshotter
	checker
	watcher
	standing
	reminder
}

// opener opens and closes the sandbox.
type opener interface {
	Start()
	// Visit is Start for a learner who only reads: it opens nothing that they
	// have closed.
	Visit()
	Close() error
	Touch()
}

// reminder keeps a sentence for the next page that is loaded.
type reminder interface {
	Remind(say string, undo bool)
	Reminder() (say string, undo bool)
}

// breaker breaks parts on purpose.
type breaker interface {
	Fault(ctx context.Context, part string, fault sandbox.Fault) error
	Heal(ctx context.Context, part string) error
}

// snapshotter keeps what the parts have stored, and goes back to it.
type snapshotter interface {
	Snapshot(ctx context.Context) error
	Restore(ctx context.Context) error
}

// slowBy is how late answers come where a form names no delay.
const slowBy = 2 * time.Second

func (s *Site) openSandbox(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	s.Session(lab).Start()
	return told(w, r, stepPath(lab, s.stepOf(r, lab)))
}

func (s *Site) closeSandbox(w http.ResponseWriter, r *http.Request) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	if err := s.Session(lab).Close(); err != nil {
		return err
	}
	return told(w, r, stepPath(lab, s.stepOf(r, lab)))
}

func (s *Site) fault(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, func(session Session) error {
		fault, err := readFault(r)
		if err != nil {
			return err
		}
		return session.Fault(r.Context(), r.PathValue("part"), fault)
	})
}

func (s *Site) heal(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, func(session Session) error { return session.Heal(r.Context(), r.PathValue("part")) })
}

func (s *Site) snapshot(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, func(session Session) error { return session.Snapshot(r.Context()) })
}

func (s *Site) restore(w http.ResponseWriter, r *http.Request) error {
	return s.change(w, r, func(session Session) error { return session.Restore(r.Context()) })
}

// change does something to a lab's open sandbox, and answers with how it is then.
func (s *Site) change(w http.ResponseWriter, r *http.Request, do func(Session) error) error {
	lab, err := s.lab(r)
	if err != nil {
		return err
	}
	if err := do(s.Session(lab)); err != nil {
		return err
	}
	return told(w, r, stepPath(lab, s.stepOf(r, lab)))
}

func readFault(r *http.Request) (sandbox.Fault, error) {
	if err := r.ParseForm(); err != nil {
		return sandbox.Fault{}, httperror.BadForm(err)
	}
	fault := sandbox.Fault{Kind: labs.FaultKind(r.PostForm.Get("kind")), Delay: slowBy}
	if text := r.PostForm.Get("delay"); text != "" {
		delay, err := time.ParseDuration(text)
		if err != nil || delay <= 0 || delay > time.Minute {
			return fault, &labs.Problem{
				Kind: labs.BadInput,
				Say:  "The delay " + strconv.Quote(text) + " is not a time up to a minute.",
				Next: "Write it like 200ms or 2s.",
			}
		}
		fault.Delay = delay
	}
	for _, kind := range labs.FaultKinds {
		if kind == fault.Kind {
			return fault, nil
		}
	}
	return fault, &labs.Problem{
		Kind: labs.BadInput,
		Say:  "There is no fault named " + strconv.Quote(string(fault.Kind)) + ".",
		Next: "Choose pause, slow, cut, stop, kill or restart.",
	}
}
