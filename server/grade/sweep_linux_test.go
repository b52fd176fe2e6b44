package grade

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/labs/process"
)

// envOwner makes the test binary a server that checks until it is killed.
const envOwner = "GRADE_TEST_OWNER"

// TestOwner is not a test of its own: TestKilledServer runs it.
func TestOwner(t *testing.T) {
	dir := os.Getenv(envOwner)
	if dir == "" {
		t.Skip("started by TestKilledServer")
	}
	g := grader(t)
	g.config.Cache, g.config.Limits.Check = dir, time.Minute
	run := request(verdicts(t), 6)
	run.Events = func(int, labs.CheckReport) { os.Stdout.WriteString("started\n") }
	g.Run(t.Context(), run)
}

// TestKilledServer ends a server in mid-check with SIGKILL. The check ends
// with it, and what the check had started ends with the next sweep.
func TestKilledServer(t *testing.T) {
	server := exec.Command(os.Args[0], "-test.run=^TestOwner$")
	server.Env = append(os.Environ(), envOwner+"="+cacheDir)
	out, err := server.StdoutPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "started" {
	}
	within(t, "the check's child runs", func() bool { return strings.Contains(survivors(), "1717") })
	server.Process.Kill()
	server.Wait()
	within(t, "the check ended with its server", func() bool { return !alive(verdictsBinary) })
	if !strings.Contains(survivors(), "1717") {
		t.Fatal("the child ended too, so the sweep has nothing to show")
	}
	other := exec.Command("sleep", "1717")
	other.Env = append(os.Environ(), process.EnvTag(envTagName)) // of a grader that lives
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer other.Wait()
	defer other.Process.Kill()
	Sweep()
	within(t, "only the living grader's process is left", func() bool { return strings.Count(survivors(), "1717") == 1 })
}

// A process that was stopped, in a check or before the first, is ended when the
// time of one check is over.
func TestFrozenChecksAreEnded(t *testing.T) {
	g := grader(t)
	g.config.Limits.Check, g.config.Limits.Run = time.Second, time.Minute
	for when, env := range map[string]string{"in a check": "", "before the first": "FREEZE=1"} {
		run := request(verdicts(t), 9)
		run.Environment = append(run.Environment, env)
		report := g.Run(t.Context(), run)
		if say, want := report.Steps[0].Checks[0].Say, "The check did not end within 1s, and was stopped."; say != want {
			t.Errorf("%s: it says %q, want %q", when, say, want)
		}
	}
	if alive(verdictsBinary) {
		t.Error("left behind")
	}
}

// verdictsBinary is part of the path of the compiled checks.
const verdictsBinary = "001-verdicts-"

func within(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if so() {
			return
		}
	}
	t.Fatalf("not so: %s", what)
}

func alive(name string) bool {
	found, _ := filepath.Glob("/proc/[0-9]*/cmdline") // empty where only the number is left
	for _, file := range found {
		if line, _ := os.ReadFile(file); strings.Contains(string(line), name) {
			return true
		}
	}
	return false
}
