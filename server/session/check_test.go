package session_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/session"
	"cnalab/server/session/event"
)

func TestCheckOpensRunsAndRecords(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	report, err := s.Check(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if report.Verdict != labs.Passed || len(report.Steps) != 1 {
		t.Errorf("report is %+v", report)
	}
	if len(r.progress.recorded) != 1 {
		t.Errorf("recorded %d reports, want 1", len(r.progress.recorded))
	}
	if run := s.Run(); run.Running || len(run.Report.Steps[0].Checks) != 2 || run.Report.Verdict != labs.Passed {
		t.Errorf("run is %+v", run)
	}
	if got := r.grader.last.Load(); got.Workspace != "/workspaces/event-driven" || len(got.Environment) == 0 {
		t.Errorf("graded with %+v", got)
	}
}

func TestCheckOfAllSteps(t *testing.T) {
	r := newRig(t)
	report, err := r.sessions.Session(session.Key{Lab: lab}).Check(t.Context())
	if err != nil || len(report.Steps) != 2 {
		t.Errorf("report is %+v, %v", report, err)
	}
}

func TestWorkspaceOfSomebodyElse(t *testing.T) {
	r := newRig(t)
	if _, err := r.sessions.SessionAt(session.Key{Lab: lab}, "/elsewhere").Check(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if got := r.grader.last.Load().Workspace; got != "/elsewhere" {
		t.Errorf("graded %s", got)
	}
	if len(r.progress.recorded) != 0 {
		t.Error("it was recorded as the learner's progress")
	}
}

// A workspace that does not build proves nothing, and says so for each check.
func TestDoesNotBuild(t *testing.T) {
	r := newRig(t)
	r.sandbox.OnApply = func() error {
		return &labs.Problem{Kind: labs.LearnerCode, Say: "order does not build.", Detail: "main.go:3: undefined: x"}
	}
	report, err := r.sessions.Session(session.Key{Lab: lab}).Check(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range report.Steps[0].Checks {
		if c.Verdict != labs.CouldNotCheck || c.Say != "order does not build." || c.Output != "main.go:3: undefined: x" {
			t.Errorf("check says %+v", c)
		}
	}
	if r.grader.runs.Load() != 0 {
		t.Error("the checks ran all the same")
	}
}

// A broker that dies while checks run makes no answer wrong.
func TestBrokerDiesInMidCheck(t *testing.T) {
	r := newRig(t)
	r.grader.verdict = labs.NotYet
	r.grader.during = func(context.Context, int) { r.sandbox.Become("kafka", sandbox.Crashed) }
	report, err := r.sessions.Session(session.Key{Lab: lab}).Check(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if report.Verdict != labs.CouldNotCheck {
		t.Errorf("verdict is %s", report.Verdict)
	}
	if say := report.Steps[0].Checks[0].Say; say != "Kafka stopped while the check ran." {
		t.Errorf("it says %q", say)
	}
	if len(r.sandbox.Healed()) != 1 {
		t.Error("the broker was not brought up again")
	}
}

// Where several die, all are named and healed, in the sandbox's order.
func TestBrokerAndDatabaseDieInMidCheck(t *testing.T) {
	tests := map[string]struct {
		unwell error
		next   string
	}{
		"healed": {nil, "They run again: check once more."},
		"lost":   {errors.New("gone"), "Close the sandbox and open it again. Your files are saved."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.grader.verdict, r.sandbox.OnHeal = labs.NotYet, func() error { return test.unwell }
			r.grader.during = func(context.Context, int) {
				for _, part := range []string{"postgres", "kafka", "postgres"} {
					r.sandbox.Become(part, sandbox.Crashed)
				}
			}
			report, err := r.sessions.Session(session.Key{Lab: lab}).Check(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, check := range report.Steps[0].Checks {
				if check.Say != "Kafka and postgres stopped while the check ran." || check.Next != test.next {
					t.Errorf("it says %q %q", check.Say, check.Next)
				}
			}
			if diff := cmp.Diff([]string{"kafka", "postgres"}, r.sandbox.Healed()); diff != "" {
				t.Errorf("healed (-want +got):\n%s", diff)
			}
		})
	}
}

// What the learner broke by hand is healed first: a verdict is about the work.
func TestCheckHealsFirst(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Fault(t.Context(), "kafka", sandbox.Fault{Kind: labs.Pause}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Check(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if len(r.sandbox.Healed()) != 1 {
		t.Error("the broker was still paused")
	}
}

// The second check of a step takes the place of the first, and both callers
// be told what the second found.
func TestNewerCheckTakesOver(t *testing.T) {
	r := newRig(t)
	began := make(chan struct{})
	r.grader.during = func(ctx context.Context, run int) {
		if run == 1 {
			close(began)
			<-ctx.Done()
		}
	}
	s := r.sessions.Session(session.Key{Lab: lab})
	var wg sync.WaitGroup
	check := func() {
		report, err := s.Check(t.Context(), 1)
		if err != nil || report.Verdict != labs.Passed {
			t.Errorf("check says %s, %v", report.Verdict, err)
		}
	}
	wg.Go(check)
	<-began
	wg.Go(check)
	wg.Wait()
	if n := r.grader.runs.Load(); n != 2 {
		t.Errorf("%d runs, want 2", n)
	}
}

// Whoever asks sees it at once: what is said of it later cannot be overtaken.
func TestWhatIsAskedForIsKnownAtOnce(t *testing.T) {
	r := newRig(t)
	goOn := make(chan struct{})
	r.grader.during = func(ctx context.Context, run int) {
		select {
		case <-goOn:
		case <-ctx.Done():
		}
	}
	s := r.sessions.Session(session.Key{Lab: lab})
	s.StartCheck(1)
	if run := s.Run(); !slices.Equal(run.Asked, []int{1}) && !run.Running {
		t.Errorf("got %+v", run)
	}
	for !s.Run().Running {
		time.Sleep(time.Millisecond)
	}
	if run := s.Run(); run.Asked != nil {
		t.Errorf("it runs, and waits: %+v", run)
	}
	s.StartCheck(2)
	if run := s.Run(); !slices.Equal(run.Asked, []int{2}) || !slices.Equal(run.Steps, []int{1}) {
		t.Errorf("got %+v", run)
	}
	close(goOn)
	for run := s.Run(); run.Running || run.Asked != nil || !slices.Equal(run.Steps, []int{2}); run = s.Run() {
		time.Sleep(time.Millisecond)
	}
}

func TestCheckOfAnotherStepWaits(t *testing.T) {
	r := newRig(t)
	began, end := make(chan struct{}), make(chan struct{})
	r.grader.during = func(_ context.Context, run int) {
		if run == 1 {
			close(began)
			<-end
		}
	}
	s := r.sessions.Session(session.Key{Lab: lab})
	var wg sync.WaitGroup
	for _, step := range []int{1, 2} {
		wg.Go(func() {
			if _, err := s.Check(t.Context(), step); err != nil {
				t.Error(err)
			}
		})
		if step == 1 {
			<-began
		}
	}
	time.Sleep(10 * time.Millisecond)
	if n := r.grader.runs.Load(); n != 1 {
		t.Errorf("%d runs at once, want 1", n)
	}
	close(end)
	wg.Wait()
}

func TestCancel(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	if _, err := s.Check(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	r.grader.during = func(ctx context.Context, _ int) { go s.Cancel(t.Context()); <-ctx.Done() }
	if _, err := s.Check(t.Context(), 1); !errors.Is(err, context.Canceled) {
		t.Errorf("check says %v", err)
	}
	if run := s.Run(); run.Running || run.Problem != nil || !run.Cancelled || len(run.Report.Steps) != 0 {
		t.Errorf("run is %+v, want taken back with nothing to tell", run)
	}
	if len(r.progress.recorded) != 1 {
		t.Error("a check that was taken back was recorded")
	}
}

// A page says in its own words what goes on before the checks.
func TestSaysWhatItDoes(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if took := s.Status().Took; took <= 0 {
		t.Errorf("it says that it opened in %s", took)
	}
	if err := s.Fault(t.Context(), "kafka", sandbox.Fault{Kind: labs.Pause}); err != nil {
		t.Fatal(err)
	}
	var did []string
	asked := func() error { did = append(did, string(s.Run().Doing)+" "+s.Run().Part); return nil }
	r.sandbox.OnApply, r.sandbox.OnHeal = asked, asked
	if _, err := s.Check(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"heals kafka", "builds "}, did); diff != "" {
		t.Errorf("what it does (-want +got):\n%s", diff)
	}
	if run := s.Run(); run.Doing != "" || run.Part != "" {
		t.Errorf("after its end it still %s %s", run.Doing, run.Part)
	}
}

// A check says that a sandbox opens where there is one to open, and else that
// its own checks are compiled.
func TestSaysWhatItWaitsFor(t *testing.T) {
	bare := *lab
	bare.Parts = nil
	for want, lab := range map[labs.Doing]*labs.Lab{labs.OpensSandbox: lab, labs.Compiles: &bare} {
		t.Run(string(want), func(t *testing.T) {
			r := newRig(t)
			r.provider.Hold = make(chan struct{})
			var during labs.Doing
			s := r.sessions.Session(session.Key{Lab: lab})
			r.grader.during = func(context.Context, int) { during = s.Run().Doing }
			s.StartCheck(1)
			wait(t, "the check to wait", func() bool { return s.Run().Doing != "" })
			if got := s.Run().Doing; got != want {
				t.Errorf("it says that it %s", got)
			}
			close(r.provider.Hold)
			wait(t, "its end", func() bool { return len(s.Run().Report.Steps) > 0 && !s.Run().Running })
			if during != "" {
				t.Errorf("while its checks run, which are compiled, it says that it %s", during)
			}
		})
	}
}

// Checks may run at a time, and a page shows all of them at work.
func TestAllThatHaveBegunAreShown(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	var shown []string
	r.grader.during = func(context.Context, int) {
		for _, name := range []string{"TestStep01_One", "TestStep01_Two"} {
			r.grader.last.Load().Events(1, labs.CheckReport{Name: name})
		}
		for _, check := range s.Run().Report.Steps[0].Checks {
			if check.Verdict == "" {
				shown = append(shown, check.Name)
			}
		}
	}
	if _, err := s.Check(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"TestStep01_One", "TestStep01_Two"}, shown); diff != "" {
		t.Errorf("at work (-want +got):\n%s", diff)
	}
	for _, check := range s.Run().Report.Steps[0].Checks {
		if check.Verdict == "" {
			t.Errorf("after its end %s is at work", check.Name)
		}
	}
}

func TestCloseEndsACheck(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	began := make(chan struct{})
	r.grader.during = func(ctx context.Context, _ int) { close(began); <-ctx.Done() }
	ended := make(chan error)
	go func() { _, err := s.Check(t.Context(), 1); ended <- err }()
	<-began
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the check ended with %v", err)
	}
}

// So is who waits for the sandbox then, or for the check before.
func TestTheServersEndIsToldToAWaitingCheck(t *testing.T) {
	r := newRig(t)
	r.provider.Hold = make(chan struct{})
	s := r.sessions.Session(session.Key{Lab: lab})
	ended := make(chan error, 2)
	for step := range 2 {
		go func() { _, err := s.Check(t.Context(), step+1); ended <- err }()
	}
	for r.provider.Opened.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	if err := r.sessions.Close(nil); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if p := labs.AsProblem(<-ended); p.Kind != labs.Sandbox || !strings.Contains(p.Say, "server was ended") {
			t.Errorf("told %+v, want that the server was ended", p)
		}
	}
}

// Who waits for a verdict when the server ends is told so.
func TestTheServersEndIsToldToACheck(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	began := make(chan struct{})
	r.grader.during = func(ctx context.Context, _ int) { close(began); <-ctx.Done() }
	ended := make(chan error)
	go func() { _, err := s.Check(t.Context(), 1); ended <- err }()
	<-began
	if err := r.sessions.Close(nil); err != nil {
		t.Fatal(err)
	}
	if p := labs.AsProblem(<-ended); p.Kind != labs.Sandbox || !strings.Contains(p.Say, "server was ended") {
		t.Errorf("the check ended with %+v", p)
	}
	if run := s.Run(); run.Problem == nil || run.Cancelled {
		t.Errorf("the page is told %+v", run)
	}
}

// take waits for events until they have all of the topics, and returns what
// else there was.
func take(t *testing.T, events *event.Subscription, topics ...event.Topic) {
	t.Helper()
	var missing []event.Topic
	late := time.After(5 * time.Second)
	for missing = topics; len(missing) > 0; {
		select {
		case <-events.Ready:
		case <-late:
			t.Fatalf("not told of topics %v", missing)
		}
		told := events.Take()
		missing = slices.DeleteFunc(slices.Clone(missing), func(topic event.Topic) bool { return told.Has(topic) })
	}
}

func TestSubscribe(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	events, cancel := s.Subscribe(event.All()...)
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	take(t, events, event.Sandbox, event.Stages)
	if err := s.Fault(t.Context(), "kafka", sandbox.Fault{Kind: labs.Pause}); err != nil {
		t.Fatal(err)
	}
	take(t, events, event.Parts)
	if _, err := s.Check(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	take(t, events, event.Run, event.Progress)
	r.sandbox.Tell(sandbox.Event{Line: &sandbox.Line{Text: "a line"}})
	take(t, events, event.Log)
	cancel()
	events.Take()
	if _, err := s.Check(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if events.Take().Has(event.All()...) {
		t.Error("told of changes after the end")
	}
}

// What is remembered is read once, and again where something was recorded.
func TestProgressIsReadWhereSomethingWasRecorded(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	read := func(do func() error, want int) {
		t.Helper()
		if err := do(); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if now, err := s.Standing(t.Context()); err != nil || now[1].Hints != want {
				t.Errorf("got the reading %d, %v; want the reading %d", now[1].Hints, err, want)
			}
		}
	}
	read(func() error { return nil }, 1)
	read(func() error { _, err := s.Check(t.Context(), 1); return err }, 2)
	read(func() error { return s.ShowHint(t.Context(), 1, 2) }, 3)
	read(func() error { return s.ShowSolution(t.Context(), 1) }, 4)
	read(func() error { _, err := s.ReadStanding(t.Context()); return err }, 5)
}

// What a sandbox has stored is neither kept nor changed while a check looks at it.
func TestSnapshotWaitsForNoCheck(t *testing.T) {
	r := newRig(t)
	s := r.sessions.Session(session.Key{Lab: lab})
	if err := s.Snapshot(t.Context()); labs.AsProblem(err).Kind != labs.Conflict {
		t.Errorf("closed: %v, want a conflict", err)
	}
	r.grader.during = func(ctx context.Context, _ int) {
		for name, do := range map[string]func(context.Context) error{"snapshot": s.Snapshot, "restore": s.Restore} {
			if err := do(ctx); labs.AsProblem(err).Kind != labs.Conflict {
				t.Errorf("%s during a check: %v, want a conflict", name, err)
			}
		}
	}
	if _, err := s.Check(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if kept := r.sandbox.Snapshots(); kept != 0 {
		t.Errorf("%d snapshots were taken during a check", kept)
	}
	if err := s.Snapshot(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.Status().Kept.IsZero() || r.sandbox.Snapshots() != 1 {
		t.Error("the snapshot is not told")
	}
	if err := s.Restore(t.Context()); err != nil || r.sandbox.Snapshots() != 0 {
		t.Errorf("go back: %v", err)
	}
}

// What has passed is told while the sandbox is as the checks saw it, and only of
// the learner's own.
func TestWhatHasPassedIsTold(t *testing.T) {
	var told []session.Passed
	r := newRig(t, func(c *session.Config) {
		c.Passed = func(_ context.Context, p session.Passed) { told = append(told, p) }
	})
	s := r.sessions.Session(session.Key{Lab: lab})
	if _, err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.grader.verdict = labs.NotYet
	if _, err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.grader.verdict = labs.Passed
	if _, err := r.sessions.SessionAt(session.Key{Lab: lab}, "/elsewhere").Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []session.Passed{{Lab: lab, Steps: []int{1, 2}, Workspace: "/workspaces/event-driven", Environment: r.sandbox.Env, Sandbox: s.Status().Since}}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}
