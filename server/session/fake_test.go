package session_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
	"cnalab/server/session"
)

var lab = &labs.Lab{
	ID: "event-driven", Parts: []labs.Part{{Name: "kafka", Kind: labs.KindKafka}, {Name: "order", Kind: labs.KindService}},
	Steps: []labs.Step{step(1, "TestStep01_A", "TestStep01_B"), step(2, "TestStep02_C")},
}

func step(number int, checks ...string) labs.Step {
	s := labs.Step{Number: number, Texts: map[string]labs.Text{"en": {Title: "Step"}}}
	for _, name := range checks {
		s.Checks = append(s.Checks, labs.Check{Name: name, Title: name})
	}
	return s
}

// provider opens sandboxes.
type provider struct {
	refuses error         // what Offers says
	fails   error         // what Open says
	hold    chan struct{} // Open waits for it where it is not nil
	opened  atomic.Int32
	sandbox *fakeSandbox
}

func (p *provider) Name() string                            { return "fake" }
func (p *provider) Offers(context.Context, *labs.Lab) error { return p.refuses }
func (p *provider) Close() error                            { return nil }

func (p *provider) Open(ctx context.Context, request sandbox.Request) (sandbox.Sandbox, error) {
	p.opened.Add(1)
	request.Progress(sandbox.Event{Stage: &sandbox.Stage{Name: "start Kafka"}})
	if p.hold != nil {
		select {
		case <-p.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if p.fails != nil {
		return nil, p.fails
	}
	request.Progress(sandbox.Event{Stage: &sandbox.Stage{Name: "start Kafka", Done: true, Took: time.Second}})
	return p.sandbox, nil
}

// fakeSandbox is a sandbox with a broker and a database.
type fakeSandbox struct {
	mu       sync.Mutex
	states   map[string]sandbox.State
	broken   error  // what Apply says
	unwell   error  // what Heal says
	asked    func() // called before Heal and Apply
	listens  func(sandbox.Event)
	healed   []string
	reloaded atomic.Int32
	closed   atomic.Int32
	kept     atomic.Int32 // snapshots taken
}

var names = []string{"kafka", "postgres"}

func (b *fakeSandbox) Parts() (parts []sandbox.Part) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, name := range names {
		parts = append(parts, sandbox.Part{Name: name, Kind: name, State: b.states[name]})
	}
	return parts
}

// become changes a part's state and tells of it.
func (b *fakeSandbox) become(part string, state sandbox.State) {
	b.mu.Lock()
	b.states[part] = state
	notify := b.listens
	b.mu.Unlock()
	notify(sandbox.Event{Part: &sandbox.Part{Name: part, Kind: part, State: state}})
}

func (b *fakeSandbox) Environment() []string { return []string{"KAFKA=127.0.0.1:9092"} }
func (b *fakeSandbox) Apply(context.Context) error {
	if b.asked != nil {
		b.asked()
	}
	return b.broken
}
func (b *fakeSandbox) Reload(context.Context) error { b.reloaded.Add(1); return nil }
func (b *fakeSandbox) Fault(_ context.Context, part string, _ sandbox.Fault) error {
	b.become(part, sandbox.Paused)
	return nil
}
func (b *fakeSandbox) Heal(_ context.Context, part string) error {
	b.healed = append(b.healed, part)
	if b.asked != nil {
		b.asked()
	}
	if b.unwell != nil {
		return b.unwell
	}
	b.become(part, sandbox.Running)
	return nil
}
func (b *fakeSandbox) Snapshot(context.Context) error { b.kept.Add(1); return nil }
func (b *fakeSandbox) Workbench(context.Context) (*sandbox.Workbench, error) {
	return &sandbox.Workbench{}, nil
}
func (b *fakeSandbox) Restore(context.Context) error  { b.kept.Add(-1); return nil }
func (b *fakeSandbox) Log(string, int) []sandbox.Line { return nil }
func (b *fakeSandbox) Subscribe(f func(sandbox.Event)) func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listens = f
	return func() {}
}
func (b *fakeSandbox) Close() error { b.closed.Add(1); return nil }

// grader says of every check what verdict says; it counts its runs.
type grader struct {
	verdict labs.Verdict
	during  func(ctx context.Context, run int) // called in each run, before its verdicts
	runs    atomic.Int32
	last    atomic.Pointer[grade.Run]
}

func (g *grader) Compile(context.Context, *labs.Lab) (string, error) { return "checks", nil }

func (g *grader) Run(ctx context.Context, run grade.Run) labs.Report {
	g.last.Store(&run)
	if n := int(g.runs.Add(1)); g.during != nil {
		g.during(ctx, n)
	}
	report := grade.Broken(run.Lab, run.Steps, &labs.Problem{})
	for i := range report.Steps {
		for j := range report.Steps[i].Checks {
			c := &report.Steps[i].Checks[j]
			c.Verdict = g.verdict
			run.Events(report.Steps[i].Step, *c)
		}
	}
	report.Conclude()
	return report
}

type workspace struct{ dir string }

func (w workspace) Open(context.Context) error { return nil }
func (w workspace) Dir() string                { return w.dir }
func (w workspace) Watch(ctx context.Context, _ func(map[string]string, bool)) {
	<-ctx.Done()
}

type progress struct {
	recorded []labs.Report
	reads    int
}

func (p *progress) Lab(context.Context, string) (map[int]labs.Standing, error) {
	p.reads++
	return map[int]labs.Standing{1: {Hints: p.reads}}, nil
}
func (p *progress) ShowHint(context.Context, string, int, int) (int, error) { return 0, nil }
func (p *progress) ShowSolution(context.Context, string, int) error         { return nil }

func (p *progress) Record(_ context.Context, report labs.Report) error {
	p.recorded = append(p.recorded, report)
	return nil
}

// rig is sessions with everything that it works with.
type rig struct {
	sessions *session.Sessions
	provider *provider
	sandbox  *fakeSandbox
	grader   *grader
	progress *progress
}

func newRig(t *testing.T, change ...func(*session.Config)) *rig {
	t.Helper()
	r := &rig{sandbox: &fakeSandbox{states: map[string]sandbox.State{"kafka": sandbox.Running, "postgres": sandbox.Running}}, grader: &grader{verdict: labs.Passed}, progress: &progress{}}
	r.provider = &provider{sandbox: r.sandbox}
	config := session.Config{
		Providers: []sandbox.Provider{r.provider}, Grader: r.grader, Progress: r.progress,
		Workspaces: func(session.Key) session.Workspace { return workspace{"/workspaces/event-driven"} },
	}
	for _, f := range change {
		f(&config)
	}
	r.sessions = session.New(config)
	t.Cleanup(func() {
		if err := r.sessions.Close(nil); err != nil {
			t.Error(err)
		}
	})
	return r
}

// wait waits until the condition holds.
func wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("waited in vain for: %s", what)
}
