package site_test

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/session/event"
	"cnalab/server/site"
	"cnalab/server/workspaces"
	"cnalab/web/assets"
	"cnalab/web/gallery"
	"cnalab/web/mutants"
	"cnalab/web/page"

	"github.com/a-h/templ"
)

// library is a fixed list of labs.
type library struct {
	all    []*labs.Lab
	broken error
}

func (l library) Labs() ([]*labs.Lab, error) { return l.all, l.broken }

// progress remembers in memory.
type progress struct {
	mu  sync.Mutex
	all map[int]labs.Standing
}

func (p *progress) All(ctx context.Context) (map[string]map[int]labs.Standing, error) {
	lab, err := p.Lab(ctx, "event-driven")
	return map[string]map[int]labs.Standing{"event-driven": lab}, err
}

func (p *progress) Lab(context.Context, string) (map[int]labs.Standing, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.all), nil
}

func (p *progress) change(step int, f func(*labs.Standing)) labs.Standing {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.all[step]
	f(&s)
	p.all[step] = s
	return s
}

func (s *session) Standing(ctx context.Context) (map[int]labs.Standing, error) {
	return s.progress.Lab(ctx, "event-driven")
}

func (s *session) ReadStanding(ctx context.Context) (map[int]labs.Standing, error) {
	return s.Standing(ctx)
}

func (s *session) ShowHint(_ context.Context, step, most int) error {
	s.progress.change(step, func(s *labs.Standing) { s.Hints = min(s.Hints+1, most) })
	return nil
}

func (s *session) ShowSolution(_ context.Context, step int) error {
	s.progress.change(step, func(s *labs.Standing) { s.Solution = true })
	return nil
}

// session is a sandbox and checks that do what the test says.
type session struct {
	mu       sync.Mutex
	status   sandbox.Status
	run      labs.Run
	say      func(step int) labs.Report
	cancel   chan struct{} // where it is not nil, a check runs until it is cancelled
	progress *progress
	bus      event.Bus
	readers  int // who have subscribed
	faults   []string
	closed   bool
	reminder string
	undo     bool
	files    *workspaces.Workspace
}

func newSession(p *progress) *session {
	return &session{
		status:   sandbox.Status{Phase: sandbox.Closed},
		progress: p,
		say:      func(step int) labs.Report { return report(step, labs.Passed, "") },
	}
}

func report(step int, verdict labs.Verdict, say string) labs.Report {
	r := labs.Report{Lab: "event-driven", Steps: []labs.StepReport{{Step: step, Title: "Publish", Checks: []labs.CheckReport{
		{Name: "TestStep01_OrderPlaced", Title: "Each stored order is published once.", Verdict: verdict, Say: say},
	}}}}
	r.Conclude()
	return r
}

func (s *session) change(f func()) {
	s.mu.Lock()
	f()
	s.mu.Unlock()
	s.bus.Publish(event.Sandbox, event.Stages, event.Parts, event.Run, event.Progress)
}

func (s *session) phase(p sandbox.Phase, parts ...sandbox.Part) {
	s.change(func() {
		s.status = sandbox.Status{Phase: p, Parts: parts}
		if p == sandbox.Open {
			s.status.Provider, s.status.Took = "embedded", 400*time.Millisecond
		}
	})
}

func (s *session) Start() {
	s.phase(sandbox.Open, sandbox.Part{Name: "kafka", Kind: "kafka", State: sandbox.Running, Address: "127.0.0.1:9092"},
		sandbox.Part{Name: "order", Kind: "service", State: sandbox.Running, Address: "127.0.0.1:4000"})
}
func (s *session) Visit() {
	if s.Status().Phase == sandbox.Closed && !s.closed {
		s.Start()
	}
}
func (s *session) Close() error                 { s.closed = true; s.phase(sandbox.Closed); return nil }
func (s *session) Remind(say string, undo bool) { s.reminder, s.undo = say, undo }
func (s *session) Reminder() (say string, undo bool) {
	say, undo = s.reminder, s.undo
	s.reminder, s.undo = "", false
	return say, undo
}
func (s *session) Touch() {}

func (s *session) Status() sandbox.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

func (s *session) Run() labs.Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run
}

func (s *session) Check(_ context.Context, steps ...int) (labs.Report, error) {
	s.change(func() { s.run = labs.Run{Steps: steps, Running: true, Doing: labs.Builds} })
	if s.cancel != nil {
		<-s.cancel
		s.change(func() { s.run = labs.Run{Steps: steps, Cancelled: true} })
		return labs.Report{}, context.Canceled
	}
	found := s.say(steps[0])
	for _, r := range found.Steps {
		s.progress.change(r.Step, func(to *labs.Standing) {
			to.Last, to.LastAt = &r, time.Now()
			if r.Verdict == labs.Passed {
				to.Passed = time.Now()
			}
		})
	}
	s.change(func() { s.run = labs.Run{Steps: steps, Report: found} })
	return found, nil
}

func (s *session) StartCheck(steps ...int) { go s.Check(context.Background(), steps...) }

func (s *session) Cancel(ctx context.Context) {
	close(s.cancel)
	for s.Run().Running && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
}

func (s *session) Fault(_ context.Context, part string, f sandbox.Fault) error {
	s.faults = append(s.faults, part+" "+string(f.Kind)+" "+f.Delay.String())
	s.phase(sandbox.Open, sandbox.Part{Name: part, Kind: "service", State: sandbox.Paused})
	return nil
}

func (s *session) Heal(context.Context, string) error { s.Start(); return nil }

func (s *session) Snapshot(context.Context) error {
	s.change(func() { s.status.Kept = time.Date(2026, 11, 3, 12, 4, 0, 0, time.UTC) })
	return nil
}

func (s *session) Restore(context.Context) error { s.faults = append(s.faults, "restore"); return nil }

func (s *session) Log(string, int) []sandbox.Line {
	return []sandbox.Line{{Part: "order", Time: time.Date(2026, 11, 3, 12, 1, 7, 0, time.UTC), Text: "stored order 41"}}
}

// Subscribe is also told of the files, as the real session does.
func (s *session) Subscribe(topics ...event.Topic) (*event.Subscription, func()) {
	events, end := s.bus.Subscribe(topics...)
	ctx, cancel := context.WithCancel(context.Background())
	go s.files.Watch(ctx, s.bus.PublishFiles)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readers++
	return events, func() {
		end()
		cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.readers--
	}
}

func (s *session) log(text string) { s.bus.PublishLine(sandbox.Line{Part: "order", Text: text}) }

// workspace is a real one, so that what the site lets through meets what keeps
// the files.
type workspace struct{ *workspaces.Workspace }

func (c workspace) Tree() ([]string, error) {
	files, err := c.Workspace.Tree()
	var paths []string
	for _, f := range files {
		paths = append(paths, f.Path)
	}
	return paths, err
}
func (c workspace) Read(path string) (site.Text, error) { return text(c.Workspace.Read(path)) }
func (c workspace) Write(path, body, tag string) (site.Text, error) {
	return text(c.Workspace.Write(path, body, tag))
}
func (c workspace) ResetFile(path string, step int) (site.Change, error) {
	return change(c.Workspace.ResetFile(path, step))
}
func (c workspace) ResetStep(step int) (site.Change, error) {
	return change(c.Workspace.ResetStep(step))
}
func (c workspace) Remove(path string) (site.Change, error) { return change(c.Workspace.Remove(path)) }
func (c workspace) ResetLab() (site.Change, error)          { return change(c.Workspace.ResetLab()) }
func (c workspace) FastForward(step int) (site.Change, error) {
	return change(c.Workspace.FastForward(step))
}
func (c workspace) Undo() (site.Change, error) { return change(c.Workspace.Undo()) }
func (c workspace) Redo() (site.Change, error) { return change(c.Workspace.Redo()) }

func text(t workspaces.Text, err error) (site.Text, error)       { return site.Text(t), err }
func change(c workspaces.Change, err error) (site.Change, error) { return site.Change(c), err }

// rig is a site with all that it asks.
type rig struct {
	*site.Site
	lab        *labs.Lab
	workspaces *workspaces.Workspace
	session    *session
	progress   *progress
	library    *library
	shells     *shells
}

const token = "the-key"

func newRig(t testing.TB) *rig {
	t.Helper()
	lab := writeLab(t)
	p := &progress{all: map[int]labs.Standing{}}
	d := workspaces.New(t.TempDir(), "../..")
	r := &rig{lab: lab, workspaces: d.Lab(lab), session: newSession(p), progress: p, shells: &shells{},
		library: &library{all: []*labs.Lab{lab, {ID: "cqrs", Number: "070", Name: labs.Name{Title: "Commands and queries apart"}, Planned: true}}}}
	r.session.files = r.workspaces
	bundle, err := assets.Open(fstest.MapFS{
		"meta.json":  {Data: []byte(`{"outputs":{"dist/main-AB.js":{"entryPoint":"main.ts"},"dist/main-CD.css":{"entryPoint":"main.css"}}}`)},
		"main-AB.js": {Data: []byte("console.log(1)")}, "main-CD.css": {Data: []byte("body{}")},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Site = site.New(site.Config{
		Gallery: func(shell page.Shell) templ.Component { return gallery.View(gallery.Page{Shell: shell}) },
		Token:   token, Hosts: []string{"course.example"}, Library: r.library, Progress: p, Assets: bundle, Log: slog.New(slog.DiscardHandler),
		Session:   func(*labs.Lab) site.Session { return r.session },
		Workspace: func(*labs.Lab) site.Workspace { return workspace{r.workspaces} },

		Terminals: func(*labs.Lab) site.Terminals { return r.shells },
		Mutants: func(lab *labs.Lab) ([]mutants.Step, error) {
			if lab.Planned {
				return nil, nil
			}
			return []mutants.Step{{Number: 1, All: 1, LetPass: []mutants.Mutant{{Kind: "key dropped", At: "order/events.go:9", Diff: "-\tKey: id\n+\n"}}}}, nil
		},
		HandIn: func(_ context.Context, lab *labs.Lab) ([]byte, error) { return []byte("all of " + lab.ID), nil },
	})
	return r
}
