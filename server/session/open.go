package session

import (
	"context"
	"errors"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// opening is one life of a sandbox, from the wish to open it to its end.
type opening struct {
	cancel context.CancelFunc
	done   chan struct{} // closed when it is open or has failed
	err    error         // why it failed; read after done
}

func closedStatus(why *labs.Problem) sandbox.Status {
	return sandbox.Status{Phase: sandbox.Closed, Since: time.Now(), Problem: why}
}

// begin returns the opening under way, or a new one.
func (s *Session) begin() *opening {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opening != nil {
		return s.opening
	}
	ctx, cancel := context.WithCancel(context.Background())
	o := &opening{cancel: cancel, done: make(chan struct{})}
	if s.keeper.isClosed() {
		o.err = closing()
		close(o.done)
		cancel()
		return o
	}
	s.opening = o
	s.status = sandbox.Status{Phase: sandbox.Opening, Since: time.Now()}
	go s.open(ctx, o)
	return o
}

func closing() *labs.Problem {
	return &labs.Problem{
		Kind: labs.Conflict,
		Say:  "The server is closing, so no sandbox opens now.",
		Next: "Start it again; your files are saved.",
	}
}

// open brings the sandbox up while the checks compile beside it.
func (s *Session) open(ctx context.Context, o *opening) {
	defer close(o.done)
	s.watchers.change()
	dir, box, name, err := s.bringUp(ctx)
	s.mu.Lock()
	if err != nil {
		o.err = err
		s.fail(o, err)
	} else {
		s.dir, s.box = dir, box
		s.status.Phase, s.status.Since, s.status.Provider = sandbox.Open, time.Now(), name
	}
	s.mu.Unlock()
	if err == nil {
		box.Subscribe(s.happened)
	}
	s.watchers.change()
}

// fail says on the page why the sandbox did not open. A close in the middle
// is what the learner asked for, and no failure. s.mu is held.
func (s *Session) fail(o *opening, err error) {
	if s.opening == o {
		s.opening = nil
	}
	if errors.Is(err, context.Canceled) {
		s.status = closedStatus(nil)
		return
	}
	s.keeper.config.Log.Warn("sandbox did not open", "lab", s.lab.ID, "error", err)
	s.status.Phase, s.status.Since, s.status.Problem = sandbox.Failed, time.Now(), labs.AsProblem(err)
}

func (s *Session) bringUp(ctx context.Context) (dir string, box sandbox.Sandbox, name string, err error) {
	go s.compile(ctx)
	if dir, err = s.copyOut(ctx); err != nil {
		return "", nil, "", err
	}
	provider, err := s.provider(ctx)
	if err != nil {
		return "", nil, "", err
	}
	s.mu.Lock()
	s.status.Provider = provider.Name()
	s.mu.Unlock()
	box, err = provider.Open(ctx, sandbox.Request{
		Lab:       s.lab,
		Learner:   s.keeper.config.Learner,
		Workspace: dir,
		Progress:  s.happened,
	})
	return dir, box, provider.Name(), err
}

// compile gets the checks ready before the learner asks for them. Whether it
// fails is shown as a stage, and said again by the check.
func (s *Session) compile(ctx context.Context) {
	const name = "compile the checks"
	began := time.Now()
	s.happened(sandbox.Event{Stage: &sandbox.Stage{Name: name}})
	_, err := s.keeper.config.Grader.Compile(ctx, s.lab)
	if ctx.Err() != nil {
		return
	}
	stage := sandbox.Stage{Name: name, Done: true, Took: time.Since(began)}
	if err != nil {
		stage.Err = labs.AsProblem(err).Say
	}
	s.happened(sandbox.Event{Stage: &stage})
}

// copyOut returns the workspace, and makes the learner's copy where there is none.
func (s *Session) copyOut(ctx context.Context) (string, error) {
	if s.workspace != "" {
		return s.workspace, nil
	}
	copied := s.keeper.config.Desk(s.lab)
	return copied.Dir(), copied.Open(ctx)
}

// provider returns the first that can open the lab here, else the problem of
// the first, which main put there because it is preferred.
func (s *Session) provider(ctx context.Context) (sandbox.Provider, error) {
	var first error
	for _, p := range s.keeper.config.Providers {
		err := p.Offers(ctx, s.lab)
		if err == nil {
			return p, nil
		}
		if first == nil {
			first = err
		}
	}
	if first == nil {
		first = &labs.Problem{
			Kind: labs.Machine,
			Say:  "This server has no way to open a sandbox.",
			Next: "Run `doctor` to see what is missing.",
		}
	}
	return nil, first
}

// happened takes an event of the sandbox to the status and to the watchers.
func (s *Session) happened(event sandbox.Event) {
	switch {
	case event.Line != nil:
		s.watchers.logged(*event.Line)
		return
	case event.Stage != nil:
		s.mu.Lock()
		s.status.Stages = withStage(s.status.Stages, *event.Stage)
		s.mu.Unlock()
	case event.Part != nil:
		s.noticeDeath(*event.Part)
	}
	s.watchers.change()
}

// withStage puts the stage in the place of the one with its name, or last.
func withStage(stages []sandbox.Stage, stage sandbox.Stage) []sandbox.Stage {
	for i := range stages {
		if stages[i].Name == stage.Name {
			stages[i] = stage
			return stages
		}
	}
	return append(stages, stage)
}

// close ends the sandbox; why, where it is not the learner's wish, is shown.
func (s *Session) close(why *labs.Problem) error {
	s.mu.Lock()
	o, r := s.opening, s.run
	s.mu.Unlock()
	if o == nil {
		return nil
	}
	if r != nil {
		r.cancel()
		<-r.done
	}
	o.cancel()
	<-o.done
	s.mu.Lock()
	box := s.box
	s.box = nil
	if s.opening == o {
		s.opening, s.status = nil, closedStatus(why)
	}
	s.mu.Unlock()
	defer s.watchers.change()
	if box == nil {
		return nil
	}
	return box.Close()
}
