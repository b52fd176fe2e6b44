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

// provider opens boxes.
type provider struct {
	refuses error         // what Offers says
	fails   error         // what Open says
	hold    chan struct{} // Open waits for it where it is not nil
	opened  atomic.Int32
	sandbox *box
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

// box is a sandbox with one broker.
type box struct {
	mu      sync.Mutex
	kafka   sandbox.State
	broken  error  // what Apply says
	asked   func() // called before Heal and Apply
	listens func(sandbox.Event)
	closed  atomic.Int32
	healed  atomic.Int32
	kept    atomic.Int32 // snapshots taken
}

func (b *box) Parts() []sandbox.Part {
	b.mu.Lock()
	defer b.mu.Unlock()
	return []sandbox.Part{{Name: "kafka", Kind: "kafka", State: b.kafka}}
}

// become changes the broker's state and tells of it.
func (b *box) become(state sandbox.State) {
	b.mu.Lock()
	b.kafka = state
	tell := b.listens
	b.mu.Unlock()
	tell(sandbox.Event{Part: &sandbox.Part{Name: "kafka", Kind: "kafka", State: state}})
}

func (b *box) Environment() []string { return []string{"KAFKA=127.0.0.1:9092"} }
func (b *box) Apply(context.Context) error {
	if b.asked != nil {
		b.asked()
	}
	return b.broken
}
func (b *box) Fault(_ context.Context, _ string, _ sandbox.Fault) error {
	b.become(sandbox.Paused)
	return nil
}
func (b *box) Heal(context.Context, string) error {
	b.healed.Add(1)
	if b.asked != nil {
		b.asked()
	}
	b.become(sandbox.Running)
	return nil
}
func (b *box) Snapshot(context.Context) error { b.kept.Add(1); return nil }
func (b *box) Workbench(context.Context) (*sandbox.Workbench, error) {
	return &sandbox.Workbench{}, nil
}
func (b *box) Restore(context.Context) error  { b.kept.Add(-1); return nil }
func (b *box) Log(string, int) []sandbox.Line { return nil }
func (b *box) Subscribe(f func(sandbox.Event)) func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listens = f
	return func() {}
}
func (b *box) Close() error { b.closed.Add(1); return nil }

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
	done := 0
	for i := range report.Steps {
		for j := range report.Steps[i].Checks {
			c := &report.Steps[i].Checks[j]
			c.Verdict = g.verdict
			done++
			run.Events(grade.CheckEvent{Step: report.Steps[i].Step, Report: c, Done: done, Total: done})
		}
	}
	report.Conclude()
	return report
}

type desk struct{ dir string }

func (d desk) Open(context.Context) error { return nil }
func (d desk) Dir() string                { return d.dir }

type progress struct{ recorded []labs.Report }

func (p *progress) Record(_ context.Context, report labs.Report) error {
	p.recorded = append(p.recorded, report)
	return nil
}

// rig is a keeper with everything that it works with.
type rig struct {
	sessions *session.Sessions
	provider *provider
	sandbox  *box
	grader   *grader
	progress *progress
}

func newRig(t *testing.T, change ...func(*session.Config)) *rig {
	t.Helper()
	r := &rig{sandbox: &box{kafka: sandbox.Running}, grader: &grader{verdict: labs.Passed}, progress: &progress{}}
	r.provider = &provider{sandbox: r.sandbox}
	config := session.Config{
		Providers: []sandbox.Provider{r.provider}, Grader: r.grader, Progress: r.progress,
		Workspaces: func(*labs.Lab) session.Workspace { return desk{"/desk/event-driven"} },
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
