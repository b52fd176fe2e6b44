package prove

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/labs/labtest"
	"cnalab/labs/load"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/fake"
	"cnalab/server/testbed"
	"cnalab/server/testbed/testbedtest"
)

func TestMain(m *testing.M) { os.Exit(testbedtest.Main(m)) }

func newProvider() *fake.Provider { return &fake.Provider{Env: []string{"TYPED=here"}} }

func config(t *testing.T, provider sandbox.Provider) Config {
	t.Helper()
	return Config{Config: testbedtest.Config(t, provider)}
}

// newSandbox makes a lab as an author begins one, and lets change spoil it.
func newSandbox(t *testing.T, change func(dir string)) *labs.Lab {
	t.Helper()
	_, dir := labtest.New(t)
	if change != nil {
		change(dir)
	}
	lab, broken := load.Lab(dir)
	if lab == nil {
		t.Fatalf("%v", broken)
	}
	return lab
}

const (
	greets  = "package main\n\nimport (\"fmt\"; \"os\")\n\nfunc main() { fmt.Println(\"Hello, \" + os.Args[1]) }\n"
	refuses = "package main\n\nfunc main() { this is not Go }\n"
)

func TestNewLabIsProved(t *testing.T) {
	provider := newProvider()
	var told []string
	result, err := Lab(t.Context(), config(t, provider), newSandbox(t, nil), func(trial Trial) {
		told = append(told, trial.Name+": "+string(trial.Report.Verdict))
	})
	if err != nil || len(result.Failures) > 0 {
		t.Fatalf("%v %v", err, result.Failures)
	}
	want := []string{"before: not yet", "after: passed", "again: passed", "at the end: passed",
		"wrong/always-mina: not yet", "right/joined: passed"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("trials (-want +got):\n%s", diff)
	}
	if opened, closed := provider.Opened.Load(), provider.Closed.Load(); opened != 3 || closed != 3 {
		t.Errorf("opened %d sandboxes, closed %d, want 3", opened, closed)
	}
	if result.Lab != "010-greeting" || len(result.Trials) != len(want) || result.Took <= 0 {
		t.Errorf("result of %s with %d trials in %v", result.Lab, len(result.Trials), result.Took)
	}
}

func TestOneStepAndOneAttempt(t *testing.T) {
	for _, test := range []struct {
		name     string
		steps    []int
		attempts string
		want     []string
	}{
		{"a step", []int{1}, "", []string{"before", "after", "again", "wrong/always-mina", "right/joined"}},
		{"an attempt", nil, "^wrong/01-alw", []string{"wrong/always-mina"}},
		{"an attempt of a step", []int{1}, "joined", []string{"right/joined"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := config(t, newProvider())
			c.Steps = test.steps
			if test.attempts != "" {
				c.Attempts = regexp.MustCompile(test.attempts)
			}
			var names []string
			result, err := Lab(t.Context(), c, newSandbox(t, nil), func(trial Trial) { names = append(names, trial.Name) })
			if err != nil || len(result.Failures) > 0 {
				t.Fatalf("%v %v", err, result.Failures)
			}
			if diff := cmp.Diff(test.want, names); diff != "" {
				t.Errorf("trials (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoAttemptIsNoProof(t *testing.T) {
	c := config(t, newProvider())
	c.Attempts = regexp.MustCompile("nothing like it")
	var problem *labs.Problem
	if _, err := Lab(t.Context(), c, newSandbox(t, nil), nil); !errors.As(err, &problem) || problem.Kind != labs.BadInput {
		t.Errorf("got %v, want a sentence", err)
	}
}

func TestThePathAlone(t *testing.T) {
	provider := newProvider()
	c := config(t, provider)
	c.PathOnly = true
	result, err := Lab(t.Context(), c, newSandbox(t, nil), nil)
	if err != nil || len(result.Failures) > 0 {
		t.Fatalf("%v %v", err, result.Failures)
	}
	if len(result.Trials) != 4 || provider.Opened.Load() != 1 {
		t.Errorf("%d trials in %d sandboxes, want 4 in 1", len(result.Trials), provider.Opened.Load())
	}
}

func TestBrokenLabsAreNotProved(t *testing.T) {
	for name, test := range map[string]struct {
		change func(dir string)
		want   string // in the only or the first failure
	}{
		"no solution": {func(dir string) { os.RemoveAll(filepath.Join(dir, "solution")) },
			"010-greeting step 1: there is no solution"},
		"solution file gone": {func(dir string) { os.Remove(filepath.Join(dir, "solution/01/hello/main.go")) },
			"010-greeting step 1, after: got not yet, want passed"},
		"solved before": {func(dir string) { labtest.Write(t, greets, dir, "workspace/hello/main.go") },
			"010-greeting step 1, before: got passed, want not yet"},
		"starter does not build": {func(dir string) { labtest.Write(t, refuses, dir, "workspace/hello/main.go") },
			"010-greeting step 1, before: got could not check, want not yet"},
		"wrong is right": {func(dir string) { labtest.Write(t, greets, dir, "checks/testdata/wrong/01-sly/hello/main.go") },
			"010-greeting step 1, wrong/sly: got passed, want not yet"},
		"right is wrong": {func(dir string) {
			labtest.Write(t, "package main\n\nfunc main() {}\n", dir, "checks/testdata/right/01-odd/hello/main.go")
		}, "010-greeting step 1, right/odd: got not yet, want passed"},
		"attempt of no step": {func(dir string) { labtest.Write(t, greets, dir, "checks/testdata/wrong/07-lost/hello/main.go") },
			"010-greeting wrong/07-lost: its name"},
		"commands fail": {func(dir string) { labtest.Write(t, "echo lost; exit 3\n", dir, "solution/01/run.sh") },
			"010-greeting step 1, after: got could not check, want passed\n  TestStep01_GreetsByName: could not check: The commands of run.sh do not work."},
	} {
		t.Run(name, func(t *testing.T) {
			result, err := Lab(t.Context(), config(t, newProvider()), newSandbox(t, test.change), nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Failures) == 0 || !strings.HasPrefix(result.Failures[0], test.want) {
				t.Errorf("got %q, want %q", result.Failures, test.want)
			}
		})
	}
}

// TestTyped shows that run.sh runs in the workspace, with the sandbox's
// environment, for the step and before later attempts.
func TestTyped(t *testing.T) {
	lab := newSandbox(t, func(dir string) { labtest.Write(t, "echo $TYPED > typed.txt\n", dir, "solution/01/run.sh") })
	var seen []string
	look := func(workspace string) error {
		text, _ := os.ReadFile(filepath.Join(workspace, "typed.txt"))
		seen = append(seen, strings.TrimSpace(string(text)))
		return nil
	}
	c := config(t, newProvider())
	c.Grader = &spy{Grader: c.Grader, inspect: look}
	if result, err := Lab(t.Context(), c, lab, nil); err != nil || len(result.Failures) > 0 {
		t.Fatalf("%v %v", err, result.Failures)
	}
	if want := []string{"", "here", "here", "here", "", ""}; !cmp.Equal(seen, want) {
		t.Errorf("typed at each trial: %q, want %q", seen, want)
	}
}

type spy struct {
	testbed.Grader
	inspect func(workspace string) error
}

func (s *spy) Run(ctx context.Context, run grade.Run) labs.Report {
	s.inspect(run.Workspace)
	return s.Grader.Run(ctx, run)
}

func TestServiceThatDoesNotBuild(t *testing.T) {
	provider := &fake.Provider{OnApply: func(string) error {
		return &labs.Problem{Kind: labs.LearnerCode, Say: "order does not build.", Detail: "main.go:1: no"}
	}}
	result, err := Lab(t.Context(), config(t, provider), newSandbox(t, nil), nil)
	if err != nil || len(result.Failures) != len(result.Trials) {
		t.Fatalf("%v, %d failures in %d trials", err, len(result.Failures), len(result.Trials))
	}
	for _, part := range []string{"got could not check, want not yet", "order does not build.", "main.go:1: no"} {
		if !strings.Contains(result.Failures[0], part) {
			t.Errorf("%q is missing in:\n%s", part, result.Failures[0])
		}
	}
}

func TestInterruptedProof(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	result, err := Lab(ctx, config(t, newProvider()), newSandbox(t, nil), func(Trial) { cancel() })
	if !errors.Is(err, context.Canceled) || len(result.Trials) != 1 || len(result.Failures) > 0 {
		t.Errorf("%v, %d trials, %v", err, len(result.Trials), result.Failures)
	}
}

func TestPlannedLab(t *testing.T) {
	_, err := Lab(t.Context(), config(t, newProvider()), &labs.Lab{Folder: "050-later", Planned: true}, nil)
	if p := labs.AsProblem(err); p.Kind != labs.BadInput {
		t.Errorf("got %v", err)
	}
}

func TestJudgeWantsAReason(t *testing.T) {
	silent := Trial{Lab: "l", Step: 1, Name: "wrong/x", Want: labs.NotYet, Took: time.Second, Report: labs.Report{
		Verdict: labs.NotYet, Steps: []labs.StepReport{{Checks: []labs.CheckReport{{Name: "TestStep01_A", Verdict: labs.NotYet}}}}}}
	if got, want := judge(silent), "l step 1, wrong/x: TestStep01_A says not yet, and not why"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
