package site_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"

	"cnalab/labs"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
	sessions "cnalab/server/session"
	"cnalab/server/site"
)

// real is a site on a real session, real files and progress; only the parts
// and the checks are fakes.
type real struct {
	*site.Site
	session *sessions.Session
	sandbox *parts
	checks  *checks
	reads   *counted
	drawn   *drawn
}

// newReal is a site for one lab, whose progress is what is given.
func newReal(t testing.TB, lab *labs.Lab, files site.Workspace, remembers sessions.Progress) *real {
	t.Helper()
	r := &real{sandbox: &parts{reloads: make(chan struct{}, 100)}, checks: &checks{}, reads: &counted{Progress: remembers}, drawn: &drawn{pieces: map[string]int{}}}
	all := sessions.New(sessions.Config{
		Providers: []sandbox.Provider{r.sandbox}, Grader: r.checks, Progress: r.reads, Log: slog.New(slog.DiscardHandler),
		Workspaces: func(sessions.Key) sessions.Workspace { return files.(sessions.Workspace) },
	})
	t.Cleanup(func() {
		if err := all.Close(nil); err != nil {
			t.Error(err)
		}
	})
	r.session = all.Session(sessions.Key{Lab: lab})
	config := newRig(t).Config
	config.Library = library{all: []*labs.Lab{lab}}
	config.Session = func(*labs.Lab) site.Session { return r.session }
	config.Workspace = func(*labs.Lab) site.Workspace { return files }
	config.Log = slog.New(r.drawn)
	r.Site = site.New(config)
	return r
}

// counted counts how often progress is read.
type counted struct {
	sessions.Progress
	times atomic.Int64
}

func (c *counted) Lab(ctx context.Context, lab string) (map[int]labs.Standing, error) {
	c.times.Add(1)
	return c.Progress.Lab(ctx, lab)
}

// drawn counts the pieces that a site draws, as its log says.
type drawn struct {
	slog.Handler
	mu     sync.Mutex
	pieces map[string]int
}

func (*drawn) Enabled(context.Context, slog.Level) bool { return true }

func (d *drawn) Handle(_ context.Context, record slog.Record) error {
	record.Attrs(func(a slog.Attr) bool {
		if record.Message == "draw" && a.Key == "piece" {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.pieces[a.Value.String()]++
		}
		return true
	})
	return nil
}

// take returns how often each piece was drawn since it was last called.
func (d *drawn) take() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	taken := d.pieces
	d.pieces = map[string]int{}
	return taken
}

// parts is a provider and the one sandbox that it opens.
type parts struct {
	sandbox.Sandbox // of what nobody calls here
	applied         atomic.Int64
	reloads         chan struct{} // holds one for each Reload
}

func (*parts) Name() string                            { return "fake" }
func (*parts) Offers(context.Context, *labs.Lab) error { return nil }
func (p *parts) Open(context.Context, sandbox.Request) (sandbox.Sandbox, error) {
	return p, nil
}
func (*parts) Close() error { return nil }
func (*parts) Parts() []sandbox.Part {
	return []sandbox.Part{{Name: "kafka", Kind: "kafka", State: sandbox.Running}}
}
func (*parts) Environment() []string                { return nil }
func (p *parts) Apply(context.Context) error        { p.applied.Add(1); return nil }
func (p *parts) Reload(context.Context) error       { p.reloads <- struct{}{}; return nil }
func (*parts) Subscribe(func(sandbox.Event)) func() { return func() {} }
func (*parts) Log(part string, _ int) []sandbox.Line {
	return []sandbox.Line{{Part: part, Text: "ready"}}
}
func (*parts) Heal(context.Context, string) error { return nil }

// checks is a grader all of whose checks pass, each when the test has let it.
type checks struct {
	next chan struct{} // where it is not nil, each check's start and end waits for one
}

func (*checks) Compile(context.Context, *labs.Lab) (string, error) { return "", nil }

func (c *checks) Run(_ context.Context, run grade.Run) labs.Report {
	report := grade.Broken(run.Lab, run.Steps, &labs.Problem{})
	for i := range report.Steps {
		for j := range report.Steps[i].Checks {
			check := &report.Steps[i].Checks[j]
			c.wait()
			run.Events(report.Steps[i].Step, labs.CheckReport{Name: check.Name, Title: check.Title})
			c.wait()
			check.Verdict = labs.Passed
			run.Events(report.Steps[i].Step, *check)
		}
	}
	report.Conclude()
	return report
}

func (c *checks) wait() {
	if c.next != nil {
		<-c.next
	}
}

// withChecks is a copy of the lab whose first step has so many checks.
func withChecks(lab *labs.Lab, many int) *labs.Lab {
	copied := *lab
	copied.Steps = append([]labs.Step(nil), lab.Steps...)
	copied.Steps[0].Checks = nil
	for i := range many {
		name := fmt.Sprintf("TestStep01_Check%02d", i)
		copied.Steps[0].Checks = append(copied.Steps[0].Checks, labs.Check{Name: name, Title: name})
	}
	return &copied
}
