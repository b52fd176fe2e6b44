//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/fixtures/require"
	"cnalab/labs"
	"cnalab/labs/environ"
	"cnalab/server/session"
	"cnalab/server/site"
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
func learn(t *testing.T, name string) *learner {
	t.Helper()
	t.Setenv("SHELL", "/bin/bash")
	if err := copyGoEnvironment(t.Setenv); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", t.TempDir()) // whoever runs the test has settings of their own
	o := &options{data: filepath.Join(t.TempDir(), "data"), sandbox: "auto"}
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
	if _, err := p.shells.of(l.lab).Open(t.Context(), site.Own); err != nil {
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
	files, err := l.lab.At(step)
	if err != nil {
		l.Fatal(err)
	}
	root, err := os.OpenRoot(l.workspaces.Lab(l.lab).Dir())
	if err != nil {
		l.Fatal(err)
	}
	defer root.Close()
	if err := files.Write(root); err != nil {
		l.Fatal(err)
	}
	solution, err := l.lab.Solution(step)
	if err != nil {
		l.Fatal(err)
	}
	do(solution.Run)
}

// checks has the step checked, which must pass.
func (l *learner) checks(step int) {
	l.Helper()
	report, err := l.session(l.lab).Check(l.Context(), step)
	if err != nil || report.Verdict != labs.Passed {
		l.Fatalf("step %d: %v\n%+v", step, err, report)
	}
}

// passes records that the step has passed, without the minutes that its checks
// would take.
func (l *learner) passes(step int) {
	is := l.session(l.lab)
	l.keepDone(l.Context(), session.Passed{Lab: l.lab, Steps: []int{step}, Workspace: l.workspaces.Lab(l.lab).Dir(), Environment: is.Environment(), Sandbox: is.Status().Since})
}

// handsIn packs the work, and removes all else that there was.
func (l *learner) handsIn() (file string) {
	l.Helper()
	text, err := l.pack(l.Context(), l.lab)
	if err != nil {
		l.Fatal(err)
	}
	file = filepath.Join(l.TempDir(), "kim.zip")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		l.Fatal(err)
	}
	if err := errors.Join(l.close(nil), os.RemoveAll(string(l.data))); err != nil {
		l.Fatal(err)
	}
	return file
}

// passesAgain has a grader on another machine check those steps of a hand-in,
// and all of it must be done again.
func passesAgain(t *testing.T, name, file string, steps ...int) {
	t.Helper()
	o := &options{data: t.TempDir(), sandbox: "auto"}
	p, err := o.open(t.Output(), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.closeQuietly)
	lab, err := p.written(name, "check")
	if err != nil {
		t.Fatal(err)
	}
	reports, verdict, err := p.verify(t.Context(), lab, steps, file, t.Output())
	if err != nil || verdict != labs.Passed || len(reports[0].Steps) != len(steps) {
		t.Fatalf("the hand-in is %s: %v\n%+v", verdict, err, reports)
	}
	for _, step := range reports[0].Steps {
		for _, note := range step.Notes {
			t.Errorf("step %d: %s", step.Step, note)
		}
	}
}

// What was done in an engine is done again from what was handed in, and passes
// in another sandbox: what was typed, and where that was elsewhere, what it made.
func TestAHandInOfAnEngineIsDoneAgain(t *testing.T) {
	l := learn(t, "090")
	l.types("false\n")
	l.solves(5, l.elsewhere)
	l.checks(5)
	l.solves(6, l.types)
	l.checks(6)
	passesAgain(t, "090", l.handsIn(), 5, 6)
}

// So is what was done in a cluster, whose nodes have other names there.
func TestAHandInOfAClusterIsDoneAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("makes two clusters")
	}
	l := learn(t, "110")
	l.solves(1, l.elsewhere)
	l.passes(1)
	l.solves(3, l.types)
	l.passes(3)
	l.solves(4, l.elsewhere)
	l.passes(4)
	passesAgain(t, "110", l.handsIn(), 1, 4)
}
