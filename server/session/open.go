package session

import (
	"context"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/session/event"
)

// opening is one life of a sandbox, from the request to open it to its end.
type opening struct {
	after  <-chan struct{} // closed when the life before it has ended; may be nil
	edited chan struct{}   // holds a signal while the workspace has changed
	cancel context.CancelFunc

	done        chan struct{} // closed when it is open or has failed; the rest is read after it
	err         error         // why it failed
	sandbox     sandbox.Sandbox
	unsubscribe func()
	unwatch     func() // ends the watching of the files
	dir         string // the workspace that it runs
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
	ctx, cancel := context.WithCancel(s.sessions.life)
	o := &opening{after: s.ending, edited: make(chan struct{}, 1), cancel: cancel, unwatch: func() {}, done: make(chan struct{})}
	if !s.sessions.start(func(context.Context) { s.open(ctx, o) }) {
		o.err = closing()
		close(o.done)
		cancel()
		return o
	}
	s.opening, s.closed = o, false
	s.status = sandbox.Status{Phase: sandbox.Opening, Since: time.Now()}
	return o
}

func closing() *labs.Problem {
	return &labs.Problem{
		Kind: labs.Conflict,
		Say:  "The server is closing, so no sandbox opens now.",
		Next: "Start it again; your files are saved.",
	}
}

// open brings the sandbox up while the checks compile beside it, and keeps it
// at what the workspace holds until ctx ends.
func (s *Session) open(ctx context.Context, o *opening) {
	defer o.cancel()
	s.bus.Publish(event.Sandbox)
	if o.after != nil {
		<-o.after
	}
	var compiled sync.WaitGroup
	compiled.Go(func() { s.compile(ctx, o) })
	defer compiled.Wait()
	o.err = s.bringUp(ctx, o)
	defer o.unwatch()
	s.opened(o)
	close(o.done)
	s.bus.Publish(event.Sandbox)
	if o.err == nil {
		s.reload(ctx, o)
	}
}

// opened takes the end of an opening to the status.
func (s *Session) opened(o *opening) {
	if o.err == nil {
		o.unsubscribe = o.sandbox.Subscribe(func(what sandbox.Event) { s.happened(o, what) })
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.opening != o: // closed meanwhile; close takes it from here
	case o.err != nil:
		s.fail(o.err)
	default:
		now := time.Now()
		s.status.Phase, s.status.Took, s.status.Since = sandbox.Open, now.Sub(s.status.Since), now
	}
}

// fail says on the page why the sandbox did not open. s.mu is held.
func (s *Session) fail(err error) {
	s.opening = nil
	problem := labs.AsProblem(err)
	log := s.sessions.config.Log.Info
	if problem.Kind == labs.Internal {
		log = s.sessions.config.Log.Warn // the page sends people to the log for its cause
	}
	log("open sandbox", "lab", s.Lab().ID, "err", err)
	s.status.Phase, s.status.Since, s.status.Problem = sandbox.Failed, time.Now(), problem
}

func (s *Session) bringUp(ctx context.Context, o *opening) (err error) {
	if o.dir, err = s.openWorkspace(ctx); err != nil {
		return err
	}
	provider, err := s.provider(ctx)
	if err != nil {
		return err
	}
	o.unwatch = s.watchFiles() // before the services are built, so that no edit is missed
	s.mu.Lock()
	s.status.Provider = provider.Name()
	s.mu.Unlock()
	o.sandbox, err = provider.Open(ctx, sandbox.Request{
		Lab:       s.Lab(),
		Learner:   s.learner,
		Workspace: o.dir,
		Progress:  func(what sandbox.Event) { s.happened(o, what) },
	})
	return err
}

// compileStage is the stage of opening in which the checks are compiled.
const compileStage = "compile the checks"

// compile gets the checks ready before the learner asks for them. Whether it
// fails is shown as a stage, and said again by the check.
func (s *Session) compile(ctx context.Context, o *opening) {
	stage := sandbox.Stage{Name: compileStage}
	began := time.Now()
	s.happened(o, sandbox.Event{Stage: &stage})
	_, err := s.sessions.config.Grader.Compile(ctx, s.Lab())
	ended := sandbox.Stage{Name: stage.Name, Done: true, Took: time.Since(began)}
	if err != nil {
		ended.Err = labs.AsProblem(err).Say
	}
	s.happened(o, sandbox.Event{Stage: &ended})
}

// openWorkspace returns the workspace's folder, and makes the learner's own where
// there is none.
func (s *Session) openWorkspace(ctx context.Context) (string, error) {
	if s.workspace != "" {
		return s.workspace, nil
	}
	files := s.files()
	return files.Dir(), files.Open(ctx)
}

// provider returns the one that opens the lab here.
func (s *Session) provider(ctx context.Context) (sandbox.Provider, error) {
	if len(s.sessions.config.Providers) == 0 {
		return nil, &labs.Problem{
			Kind: labs.Machine,
			Say:  "This server has no way to open a sandbox.",
			Next: "Run `doctor` to see what is missing.",
		}
	}
	return sandbox.Detect(ctx, s.Lab(), sandbox.Auto, s.sessions.config.Providers...)
}

// happened takes an event of a sandbox to the status and to the bus. What a
// sandbox says after its end concerns nobody.
func (s *Session) happened(o *opening, what sandbox.Event) {
	s.mu.Lock()
	ours := s.opening == o
	switch {
	case !ours:
	case what.Stage != nil:
		s.status.Stages = withStage(s.status.Stages, *what.Stage)
	case what.Part != nil:
		s.noticeDeath(*what.Part)
	}
	s.mu.Unlock()
	switch {
	case !ours:
	case what.Line != nil:
		s.bus.PublishLine(*what.Line)
	case what.Stage != nil:
		s.bus.Publish(event.Stages)
	default:
		s.bus.Publish(event.Parts)
	}
}

// withStage puts the stage in the place of the one with its name, or last.
func withStage(stages []sandbox.Stage, stage sandbox.Stage) []sandbox.Stage {
	stages = append([]sandbox.Stage(nil), stages...)
	for i := range stages {
		if stages[i].Name == stage.Name {
			stages[i] = stage
			return stages
		}
	}
	return append(stages, stage)
}

// current returns the sandbox and its workspace where it is open. s.mu is held.
func (s *Session) current() (sandbox.Sandbox, string) {
	if s.opening == nil || s.status.Phase != sandbox.Open {
		return nil, ""
	}
	return s.opening.sandbox, s.opening.dir
}
