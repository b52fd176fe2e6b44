package mutate

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"cnalab/labs"
	"cnalab/labs/labtest"
	"cnalab/labs/load"
	"cnalab/labs/process"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/fake"
	"cnalab/server/testbed/testbedtest"
)

func TestMain(m *testing.M) { os.Exit(testbedtest.Main(m)) }

func config(t *testing.T) Config {
	t.Helper()
	t.Setenv(process.EnvLevel, string(process.NotIsolated)) // see Config
	return Config{Config: testbedtest.Config(t, &fake.Provider{}), Jobs: 2}
}

// newLab is a lab as an author begins one, with another solution: its last
// branch is one that no check comes to.
func newLab(t *testing.T, files map[string]string) *labs.Lab {
	t.Helper()
	_, dir := labtest.New(t)
	for name, text := range files {
		labtest.Write(t, text, dir, filepath.FromSlash(name))
	}
	lab, broken := load.Lab(dir)
	if lab == nil {
		t.Fatal(broken)
	}
	return lab
}

const greets = `package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		bow()
		return
	}
	fmt.Println("Hello, " + os.Args[1])
}

func bow() { fmt.Println("Hello") }
`

const (
	bowed = `hello/main.go bow: text changed: "Hello" → "Hellox"`
	asked = `hello/main.go main: boundary moved: len(os.Args) < 2 → len(os.Args) <= 2`
	few   = `hello/main.go main: constant changed: 2 → 3`
	none  = `hello/main.go main: condition negated: len(os.Args) < 2 → len(os.Args) >= 2`
)

func TestMutantsAreCaughtOrToldOf(t *testing.T) {
	lab := newLab(t, map[string]string{
		"solution/01/hello/main.go": greets,
		"checks/testdata/equal/01.yaml": "- mutant: '" + bowed + "'\n  reason: Nobody is greeted without a name.\n" +
			"- mutant: 'hello/main.go main: never there'\n  reason: It was once.\n" +
			"- mutant: '" + asked + "'\n  reason: It is caught.\n",
	})
	var told int
	report, err := Lab(t.Context(), config(t), lab, nil, func(int, Result) { told++ })
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]Result{}
	for _, r := range report.Steps[0].Results {
		byID[r.ID] = r
	}
	if told != len(report.Steps[0].Results) || len(byID) != told {
		t.Errorf("told of %d mutants, reported %d with %d names", told, len(report.Steps[0].Results), len(byID))
	}
	for _, id := range []string{asked, few, none} {
		if r := byID[id]; r.Outcome != Caught || r.By != "TestStep01_GreetsByName" || r.Say == "" || !r.Reached {
			t.Errorf("%s: %+v", id, r)
		}
	}
	if r := byID[bowed]; r.Outcome != Equal || r.Reached || r.Reason != "Nobody is greeted without a name." || r.At != "hello/main.go:16" ||
		r.Diff != "-func bow() { fmt.Println(\"Hello\") }\n+func bow() { fmt.Println(\"Hellox\") }\n" {
		t.Errorf("%s: %+v", bowed, r)
	}
	if got := strings.Join(report.Steps[0].Stale, "\n"); got != asked+"\nhello/main.go main: never there" {
		t.Errorf("stale reasons:\n%s", got)
	}
	if c := report.Steps[0].Count(); c.Equal != 1 || c.Caught < 5 || c.Survived == 0 || report.Good() {
		t.Errorf("counted %+v, good: %v", c, report.Good())
	}
}

func TestSolutionThatDoesNotPass(t *testing.T) {
	lab := newLab(t, map[string]string{"solution/01/hello/main.go": "package main\n\nfunc main() {}\n"})
	_, err := Lab(t.Context(), config(t), lab, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "The solution of step 1 of lab 010-greeting does not pass") {
		t.Errorf("got %v", err)
	}
}

func TestReasonsThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"mutant: x":            "cannot be read",
		"- mutant: x\n":        "without a mutant or a reason",
		"- reason: because\n":  "without a mutant or a reason",
		"- {mutant: [], x: 1}": "cannot be read",
	} {
		lab := newLab(t, map[string]string{"checks/testdata/equal/01.yaml": text})
		if _, err := Lab(t.Context(), config(t), lab, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// noSnapshots opens sandboxes that nothing brings back.
type noSnapshots struct{ *fake.Provider }

func (p noSnapshots) Open(ctx context.Context, request sandbox.Request) (sandbox.Sandbox, error) {
	s, err := p.Provider.Open(ctx, request)
	return noSnapshot{s}, err
}

type noSnapshot struct{ sandbox.Sandbox }

func (noSnapshot) Snapshot(context.Context) error { return errors.New("nothing is kept") }

// TestNoMutantIsTriedInWhatTheOneBeforeHasLeft shows that where commands are
// typed, and nothing brings back what was before, each mutant has a sandbox of
// its own.
func TestNoMutantIsTriedInWhatTheOneBeforeHasLeft(t *testing.T) {
	lab := newLab(t, map[string]string{"solution/01/hello/main.go": greets, "solution/01/run.sh": "echo one > one.txt\n"})
	c, provider := config(t), &fake.Provider{}
	c.Provider, c.Jobs, c.Sample = noSnapshots{provider}, 1, Sample{Size: 4, Seed: "a"}
	report, err := Lab(t.Context(), c, lab, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, r := range report.Steps[0].Results {
		if r.Reached {
			tried++
		}
	}
	// beside them the solution has one, and the program with all mutants in it
	if opened := int(provider.Opened.Load()); tried == 0 || opened < tried+2 {
		t.Errorf("%d mutants had %d sandboxes", tried, opened)
	}
}

// serving are sandboxes with a service, which nothing brings back.
type serving struct {
	*fake.Provider
	killed *atomic.Int64
}

func (p serving) Open(ctx context.Context, request sandbox.Request) (sandbox.Sandbox, error) {
	s, err := p.Provider.Open(ctx, request)
	return withService{noSnapshot{s}, p.killed}, err
}

type withService struct {
	noSnapshot
	killed *atomic.Int64
}

func (withService) Parts() []sandbox.Part {
	return []sandbox.Part{{Name: "hello", Kind: labs.KindService, State: sandbox.Running}}
}

func (s withService) Fault(context.Context, string, sandbox.Fault) error {
	s.killed.Add(1)
	return nil
}

// TestServicesStartAnewForEachMutant shows that no service runs on with the
// mutant before: each reads once which one is chosen.
func TestServicesStartAnewForEachMutant(t *testing.T) {
	lab := newLab(t, map[string]string{"solution/01/hello/main.go": greets})
	c, killed := config(t), &atomic.Int64{}
	c.Provider, c.Jobs, c.Sample = serving{&fake.Provider{}, killed}, 1, Sample{Size: 4, Seed: "a"}
	report, err := Lab(t.Context(), c, lab, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if tried := len(report.Steps[0].Results); tried == 0 || int(killed.Load()) < tried {
		t.Errorf("for %d mutants services were started anew %d times", tried, killed.Load())
	}
}
