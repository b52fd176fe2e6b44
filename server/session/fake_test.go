package session_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/fake"
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
	provider *fake.Provider
	sandbox  *fake.Sandbox
	grader   *grader
	progress *progress
}

func newRig(t *testing.T, change ...func(*session.Config)) *rig {
	t.Helper()
	r := &rig{sandbox: fake.New("kafka", "postgres"), grader: &grader{verdict: labs.Passed}, progress: &progress{}}
	r.sandbox.Env = []string{"KAFKA=127.0.0.1:9092"}
	r.provider = &fake.Provider{Sandbox: r.sandbox}
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
