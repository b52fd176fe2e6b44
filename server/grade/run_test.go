package grade

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/labs/load"
	"cnalab/labs/process"
	"cnalab/server/grade/testlog"
)

var update = flag.Bool("update", false, "write the golden reports anew")

// cacheDir is shared by the tests of one run, so that each lab is compiled once.
var cacheDir string

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "grade-")
	if err != nil {
		panic(err)
	}
	cacheDir = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// small bounds keep the tests short; they are far from what the passing
// checks need.
var small = Limits{Check: 5 * time.Second, Output: 4 << 20, Memory: 256 << 20, Forks: 40}

func grader(t testing.TB) *Grader {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	g := New(Config{Root: root, Cache: cacheDir, Limits: small})
	t.Cleanup(g.Close)
	return g
}

func lab(t testing.TB, dir string) *labs.Lab {
	t.Helper()
	l, broken := load.Lab(dir)
	if l == nil {
		t.Fatalf("read %s: %v", dir, broken)
	}
	return l
}

func verdicts(t testing.TB) *labs.Lab { return lab(t, "testdata/labs/001-verdicts") }

func request(l *labs.Lab, steps ...int) Run {
	return Run{Lab: l, Steps: steps, Workspace: filepath.Join(l.Dir, "workspace"), Environment: []string{"KAFKA=127.0.0.1:9"}}
}

func TestReports(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles checks, and waits for those that hang")
	}
	g, v := grader(t), verdicts(t)
	for name, run := range map[string]Run{
		"says": request(v, 1), "ends": request(v, 2), "runs": request(v, 3), "no-checks": request(v, 4), "order": request(v, 5),
		"parallel": request(v, 7), "beside": request(v, 8),
		"no-such-step": request(v, 99), "two-steps": request(v, 4, 5),
		"does-not-compile": request(lab(t, "testdata/labs/002-does-not-compile")),
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, g.Run(t.Context(), run))
			if left := survivors(); left != "" {
				t.Errorf("left behind:\n%s", left)
			}
		})
	}
	if left := temporaries(t); len(left) > 0 {
		t.Errorf("left behind: %s", left)
	}
}

// temporaries lists what checks have left of temporary files.
func temporaries(t *testing.T) (left []string) {
	t.Helper()
	ours, err := process.TempDir()
	if err != nil {
		t.Fatal(err)
	}
	patterns := []string{filepath.Join(ours, "check-*")}
	for _, step := range verdicts(t).Steps { // other labs may be at work beside us
		for _, check := range step.Checks {
			patterns = append(patterns, filepath.Join(os.TempDir(), check.Name+"*"))
		}
	}
	for _, pattern := range patterns {
		found, _ := filepath.Glob(pattern) // the patterns are ours
		left = append(left, found...)
	}
	return left
}

// golden compares a report with the one that is kept, but for its times.
func golden(t *testing.T, name string, report labs.Report) {
	t.Helper()
	report.Isolation = "" // as the machine has it
	for i := range report.Steps {
		for j := range report.Steps[i].Checks {
			c := &report.Steps[i].Checks[j]
			if c.MS < 0 || c.MS > 30_000 {
				t.Errorf("%s took %d ms", c.Name, c.MS)
			}
			c.MS = 0
			if len(c.Output) > testlog.HeadBytes { // how much of it came differs from run to run
				c.Output = c.Output[:40] + " and so on"
			}
		}
	}
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(report); err != nil {
		t.Fatal(err)
	}
	text := got.String()
	file := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("report differs (-want +got):\n%s", diff)
	}
}

// survivors lists processes that the testdata's checks start.
func survivors() string {
	found, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	var left []string
	for _, file := range found {
		line, _ := os.ReadFile(file)
		if text := strings.ReplaceAll(string(line), "\x00", " "); strings.HasPrefix(text, "sleep 1717") || text == "yes " {
			left = append(left, filepath.Dir(file)+" "+text)
		}
	}
	return strings.Join(left, "\n")
}

func TestEvents(t *testing.T) {
	var told []string
	run := request(verdicts(t), 5)
	run.Events = func(step int, check labs.CheckReport) {
		line := check.Name + " starts"
		if check.Verdict != "" {
			line = check.Name + " " + string(check.Verdict)
		}
		told = append(told, line)
		if step != 5 || check.Title == "" {
			t.Errorf("event of step %d, check %+v", step, check)
		}
	}
	grader(t).Run(t.Context(), run)
	slices.Sort(told[5:]) // the framework wakes those that wait in any order
	want := []string{
		"TestStep05_Waits starts",
		"TestStep05_Crashes starts", "TestStep05_Crashes could not check",
		"TestStep05_Waits starts", "TestStep05_WaitsToo starts",
		"TestStep05_Waits passed", "TestStep05_WaitsToo passed",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	run := request(verdicts(t), 2)
	run.Events = func(_ int, check labs.CheckReport) {
		if check.Name == "TestStep02_Hangs" && check.Verdict == "" {
			cancel()
		}
	}
	report := grader(t).Run(ctx, run)
	checks := report.Steps[0].Checks
	for _, c := range checks[7:] {
		if c.Verdict != labs.CouldNotCheck || c.Say != "The check was interrupted." {
			t.Errorf("%s: %s: %s", c.Name, c.Verdict, c.Say)
		}
	}
	if checks[2].Verdict != labs.Passed {
		t.Errorf("a check that ended before is %s", checks[2].Verdict)
	}
}

func TestOutOfTime(t *testing.T) {
	g := grader(t)
	g.config.Limits.Run = 500 * time.Millisecond
	g.config.Limits.Check = time.Minute
	report := g.Run(t.Context(), request(verdicts(t), 2))
	last := report.Steps[0].Checks[9]
	if want := "There was no time left for this check."; last.Say != want || report.Verdict != labs.CouldNotCheck {
		t.Errorf("last check says %q, want %q; verdict %s", last.Say, want, report.Verdict)
	}
}

func TestBroken(t *testing.T) {
	problem := &labs.Problem{Kind: labs.LearnerCode, Say: "order does not build.", Next: "Mend it.", Detail: "main.go:1: no"}
	report := Broken(verdicts(t), []int{5}, problem)
	for _, c := range report.Steps[0].Checks {
		want := labs.CheckReport{Name: c.Name, Title: c.Title, Verdict: labs.CouldNotCheck,
			Say: "order does not build.", Next: "Mend it.", Output: "main.go:1: no"}
		if diff := cmp.Diff(want, c); diff != "" || c.Title == "" {
			t.Errorf("check (-want +got):\n%s", diff)
		}
	}
	if report.Verdict != labs.CouldNotCheck || len(report.Steps) != 1 || len(report.Steps[0].Checks) != 3 {
		t.Errorf("report: %+v", report)
	}
}

// What a report says of the isolation is what the machine, and where the lab's
// work runs, give.
func TestReportSaysTheIsolation(t *testing.T) {
	served := &labs.Lab{Parts: []labs.Part{{Name: "order", Kind: labs.KindService}}}
	asked := &labs.Lab{Parts: []labs.Part{{Name: "kafka", Kind: labs.KindKafka}}}
	here := labs.Isolation(process.Isolates())
	for name, test := range map[string]struct {
		lab     *labs.Lab
		sandbox string
		want    labs.Isolation
	}{
		"a service that is a process":            {served, "embedded", here},
		"a service that is a container":          {served, "docker", labs.ByContainer},
		"a program of the checks":                {asked, "embedded", here},
		"a program of the checks, and an engine": {asked, "docker", here},
	} {
		r := &runner{Run: Run{Lab: test.lab, Environment: []string{labs.EnvSandbox + "=" + test.sandbox}}}
		if got := r.keptBy(); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}
