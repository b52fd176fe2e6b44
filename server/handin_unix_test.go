//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/fixtures/require"
	"cnalab/labs"
	"cnalab/labs/environ"
	"cnalab/server/terminal"
)

// learner is one who works in a data folder of their own.
type learner struct {
	*testing.T
	*program
	lab   *labs.Lab
	shell *terminal.Shell
	out   *terminal.Screen
	place int64
}

// learn opens the lab's sandbox and a terminal in it, where an engine answers.
func learn(t *testing.T, name, data string) *learner {
	t.Helper()
	t.Setenv("SHELL", "/bin/bash")
	t.Setenv("HOME", t.TempDir()) // whoever runs the test has settings of their own
	o := &options{data: data, sandbox: "auto"}
	p, err := o.open(t.Output(), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.closeQuietly)
	l := &learner{T: t, program: p}
	if l.lab, err = p.written(name, "do"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.provider(t.Context(), l.lab); err != nil {
		require.Missing(t, "docker", err.Error())
	}
	if err := p.session(l.lab).Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.shells.of(l.lab).Open(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	l.shell = p.shells.terminals.List(l.lab.ID)[0]
	l.out = l.shell.Attach(0)
	t.Cleanup(l.out.Close)
	return l
}

// types types into the terminal, and waits until all of it has ended.
func (l *learner) types(text string) {
	l.Helper()
	text = strings.TrimSpace(text) + "\necho all of it has en''ded\n"
	if err := l.shell.Write([]byte(strings.ReplaceAll(text, "\n", "\r"))); err != nil {
		l.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(l.Context(), 4*time.Minute)
	defer cancel()
	var seen bytes.Buffer
	for buffer := make([]byte, 8<<10); !strings.Contains(seen.String(), "all of it has ended"); {
		p, err := l.out.Next(ctx, buffer)
		if err != nil && !errors.Is(err, io.EOF) {
			l.Fatalf("typed in vain: %v\n%s", err, seen.String())
		}
		seen.Write(p)
		l.place += int64(len(p))
		l.out.Shown(l.place)
	}
}

// elsewhere does what is typed in a terminal of the learner's own, which nobody
// records.
func (l *learner) elsewhere(text string) {
	l.Helper()
	cmd := exec.CommandContext(l.Context(), "bash", "-e", "-c", text)
	cmd.Dir, cmd.Env = l.workspaces.Lab(l.lab).Dir(), environ.Shell(os.Environ(), l.session(l.lab).Environment())
	if out, err := cmd.CombinedOutput(); err != nil {
		l.Fatalf("%v\n%s", err, out)
	}
}

// solves does the step as the lab's author would.
func (l *learner) solves(step int, do func(text string)) {
	l.Helper()
	solution, err := l.lab.Solution(step)
	if err != nil {
		l.Fatal(err)
	}
	root, err := os.OpenRoot(l.workspaces.Lab(l.lab).Dir())
	if err != nil {
		l.Fatal(err)
	}
	defer root.Close()
	if err := solution.Files.Write(root); err != nil {
		l.Fatal(err)
	}
	if solution.Run != "" {
		do(solution.Run)
	}
	l.Logf("%v step %d is done", time.Now(), step)
	report, err := l.session(l.lab).Check(l.Context(), step)
	if err != nil || report.Verdict != labs.Passed {
		l.Fatalf("step %d: %v\n%+v", step, err, report)
	}
	l.Logf("%v step %d is checked", time.Now(), step)
}

// handsIn does the whole lab, packs it and removes all else that there was.
func handsIn(t *testing.T, name string, elsewhere ...int) (file string) {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	l := learn(t, name, data)
	l.types("false\n")
	for _, step := range l.lab.Steps {
		do := l.types
		if slices.Contains(elsewhere, step.Number) {
			do = l.elsewhere
		}
		l.solves(step.Number, do)
	}
	text, err := l.pack(t.Context(), l.lab)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "kim.zip")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.close(nil), os.RemoveAll(data)); err != nil {
		t.Fatal(err)
	}
	return file
}

// graded is what a grader on another machine is told.
func graded(t *testing.T, name, file string) labs.Report {
	t.Helper()
	var out, log bytes.Buffer
	code := run(t.Context(), []string{"verify", name, "--workspace", file, "--format", "json", "--data", filepath.Join(t.TempDir(), "grader")}, &out, &log)
	var reports []labs.Report
	if err := json.Unmarshal(out.Bytes(), &reports); err != nil {
		var one labs.Report
		if err := json.Unmarshal(out.Bytes(), &one); err != nil {
			t.Fatalf("exit %d: %v\n%s%s", code, err, out.String(), log.String())
		}
		reports = []labs.Report{one}
	}
	t.Logf("exit %d\n%s", code, log.String())
	return reports[0]
}

// What was done in an engine is done again from what was handed in, and passes
// in another sandbox: what was typed, and where that was elsewhere, what it made.
func TestAHandInOfAnEngineIsDoneAgain(t *testing.T) { passesAgain(t, "090", 4) }

// So is what was done in a cluster, whose nodes have other names there.
func TestAHandInOfAClusterIsDoneAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("makes two clusters")
	}
	passesAgain(t, "110", 1, 4)
}

func passesAgain(t *testing.T, name string, elsewhere ...int) {
	report := graded(t, name, handsIn(t, name, elsewhere...))
	if report.Verdict != labs.Passed {
		t.Errorf("the hand-in is %s: %+v", report.Verdict, report)
	}
	for _, step := range report.Steps {
		for _, note := range step.Notes {
			t.Errorf("step %d: %s", step.Step, note)
		}
	}
}
