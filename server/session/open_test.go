package session_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/session"
)

func TestOpenOnce(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	for range 3 {
		if err := s.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := r.provider.Opened.Load(); n != 1 {
		t.Errorf("opened %d times, want once", n)
	}
	status := s.Status()
	if status.Phase != sandbox.Open || status.Provider != "fake" || len(status.Parts) != 2 {
		t.Errorf("status is %+v", status)
	}
	wait(t, "both stages done", func() bool {
		stages := s.Status().Stages
		return len(stages) == 2 && stages[0].Done && stages[1].Done
	})
}

// A caller that leaves does not end what others wait for.
func TestOpenGoesOnWithoutItsCaller(t *testing.T) {
	r := newRig(t)
	r.provider.Hold = make(chan struct{})
	s := r.sessions.Session(session.Key{Lab: lab})
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if err := s.Open(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Open says %v", err)
	}
	close(r.provider.Hold)
	if err := s.Open(t.Context()); err != nil {
		t.Error(err)
	}
	if n := r.provider.Opened.Load(); n != 1 {
		t.Errorf("opened %d times, want once", n)
	}
}

func TestCloseEndsAnOpening(t *testing.T) {
	r := newRig(t)
	r.provider.Hold = make(chan struct{})
	s := r.sessions.Session(session.Key{Lab: lab})
	s.Start()
	wait(t, "the provider to open", func() bool { return r.provider.Opened.Load() == 1 })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := s.Status(); got.Phase != sandbox.Closed || got.Problem != nil {
		t.Errorf("status is %+v, want closed without a problem", got)
	}
}

func TestFailureIsShownAndOpensAgain(t *testing.T) {
	r := newRig(t)
	r.provider.Fails = &labs.Problem{Kind: labs.Machine, Say: "The disk is full.", Next: "Make room."}
	s := r.sessions.Session(session.Key{Lab: lab})
	if err := s.Open(t.Context()); labs.AsProblem(err).Say != "The disk is full." {
		t.Errorf("Open says %v", err)
	}
	if got := s.Status(); got.Phase != sandbox.Failed || got.Problem.Next != "Make room." {
		t.Errorf("status is %+v", got)
	}
	r.provider.Fails = nil
	if err := s.Open(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestNoProvider(t *testing.T) {
	r := newRig(t)
	r.provider.Refuses = &labs.Problem{Say: "There is no Postgres here."}
	if err := r.sessions.Session(session.Key{Lab: lab}).Open(t.Context()); labs.AsProblem(err).Say != "There is no Postgres here." {
		t.Errorf("Open says %v", err)
	}
}

func TestIdleSandboxIsClosed(t *testing.T) {
	for kind, gone := range map[string]string{
		labs.KindKubernetes: "What you made in the cluster is gone", labs.KindDocker: "images, containers and volumes that you made are gone",
		labs.KindPostgres: "what its parts had stored is gone", labs.KindService: "",
	} {
		t.Run(kind, func(t *testing.T) {
			r := newRig(t, func(c *session.Config) { c.Idle = 20 * time.Millisecond })
			s := r.sessions.Session(session.Key{Lab: &labs.Lab{ID: "idle", Parts: []labs.Part{{Name: kind, Kind: kind}}}})
			if err := s.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
			wait(t, "the sandbox to close", func() bool { return s.Status().Phase == sandbox.Closed })
			p := s.Status().Problem
			if p == nil || !strings.Contains(p.Next, "Your files are saved") || !strings.Contains(p.Next, gone) || gone == "" && strings.Contains(p.Next, "gone") {
				t.Errorf("the page does not say what stays and what is gone: %+v", p)
			}
			if n := r.sandbox.Closes(); n != 1 {
				t.Errorf("closed %d times", n)
			}
		})
	}
}

func TestSessionsClose(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	var told []string
	if err := r.sessions.Close(func(l *labs.Lab) { told = append(told, l.ID) }); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || r.sandbox.Closes() != 1 {
		t.Errorf("told of %v, closed %d", told, r.sandbox.Closes())
	}
	if err := s.Open(t.Context()); err == nil {
		t.Error("a session opens after the end")
	}
}

// Two learners, or two labs, are two sessions; the same ones are one.
func TestASessionIsOneLearnerInOneLab(t *testing.T) {
	r := newRig(t)
	other := &labs.Lab{ID: "other"}
	s := r.sessions.Session(session.Key{Lab: lab})
	if s != r.sessions.Session(session.Key{Learner: "learner", Lab: lab}) {
		t.Error("one learner has two sessions in one lab")
	}
	if s == r.sessions.Session(session.Key{Learner: "kim", Lab: lab}) || s == r.sessions.Session(session.Key{Lab: other}) {
		t.Error("a session is shared")
	}
}

// A learner who has closed the sandbox may read on without opening it.
func TestAVisitOpensNothingThatTheLearnerHasClosed(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	s.Visit()
	wait(t, "the visit to open it", func() bool { return s.Status().Phase == sandbox.Open })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s.Visit()
	if phase := s.Status().Phase; phase != sandbox.Closed {
		t.Errorf("after the next visit it is %s", phase)
	}
	if _, err := s.Check(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if phase := s.Status().Phase; phase != sandbox.Open {
		t.Errorf("after a check it is %s", phase)
	}
}
