package runtime

import (
	"context"
	"errors"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/gobuild"
	"cnalab/server/sandbox"
)

// Stages reports the named pieces of work while a sandbox opens.
type Stages struct {
	mu      sync.Mutex
	publish func(sandbox.Event)
}

// DiscardStages are stages that nobody is told of.
func DiscardStages() *Stages { return &Stages{publish: func(sandbox.Event) {}} }

// Run does a piece of work, saying when it begins and how it ends.
func (s *Stages) Run(name string, work func() error) error {
	end := s.Begin(name)
	err := work()
	end(err)
	return err
}

// Begin says that a piece of work begins; the returned function says how it
// ended.
func (s *Stages) Begin(name string) (end func(error)) {
	began := time.Now()
	s.emit(sandbox.Stage{Name: name})
	return func(err error) {
		stage := sandbox.Stage{Name: name, Done: true, Took: time.Since(began)}
		if err != nil {
			stage.Err = sentence(err)
		}
		s.emit(stage)
	}
}

func (s *Stages) emit(stage sandbox.Stage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.publish(sandbox.Event{Stage: &stage})
}

func sentence(err error) string {
	var problem *labs.Problem
	switch {
	case IsDiskFull(err):
		return "The disk is full."
	case errors.As(err, &problem):
		return problem.Say
	case errors.Is(err, context.Canceled):
		return "Given up."
	case errors.Is(err, context.DeadlineExceeded):
		return "It took too long."
	}
	return "It failed; the server's log has the cause."
}

// Fixtures builds the program that holds what sandboxes stand on, below the
// repository's root, and says so while it does.
func Fixtures(ctx context.Context, builder *gobuild.Builder, root string, s *Stages) (path string, err error) {
	end := func(error) {}
	path, err = builder.Program(ctx, root, "fixtures/run", func() { end = s.Begin("build the fixtures") })
	end(err)
	if problem, ok := err.(*labs.Problem); ok && problem.Kind == labs.LearnerCode {
		return "", &labs.Problem{Kind: labs.Internal, Say: "The fixtures do not compile.", Next: "The lines below say where.", Detail: problem.Detail, Err: problem.Err}
	}
	return path, err
}
