package progress

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
)

func store(t *testing.T) *Store {
	t.Helper()
	s := New(filepath.Join(t.TempDir(), "learner data #1?", "progress.db"))
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func report(verdict labs.Verdict, say string) labs.Report {
	return labs.Report{Lab: "event-driven", Verdict: verdict, Steps: []labs.StepReport{{
		Step: 2, Title: "React", Verdict: verdict,
		Checks: []labs.CheckReport{{Name: "TestStep02_Reacts", Verdict: verdict, Say: say}},
	}}}
}

func TestPassedStaysPassedAndLastReportIsTheLast(t *testing.T) {
	s := store(t)
	record(t, s, report(labs.NotYet, "stock did not move"))
	if step := lab(t, s)[2]; !step.Passed.IsZero() || step.Last.Verdict != labs.NotYet {
		t.Fatalf("after a not yet: %+v", step)
	}
	record(t, s, report(labs.Passed, ""))
	passed := lab(t, s)[2].Passed
	if time.Since(passed) > time.Minute {
		t.Fatalf("passed at %v", passed)
	}
	last := report(labs.CouldNotCheck, "does not build")
	record(t, s, last)
	step := lab(t, s)[2]
	if !step.Passed.Equal(passed) {
		t.Errorf("passed moved from %v to %v", passed, step.Passed)
	}
	if diff := cmp.Diff(&last.Steps[0], step.Last); diff != "" {
		t.Error(diff)
	}
}

func TestHintsAreCountedUpToTheirNumber(t *testing.T) {
	s := store(t)
	for _, want := range []int{1, 2, 2} {
		got, err := s.ShowHint(t.Context(), "kafka", 1, 2)
		if err != nil || got != want {
			t.Fatalf("ShowHint = %d, %v; want %d", got, err, want)
		}
	}
	if err := s.ShowSolution(t.Context(), "kafka", 1); err != nil {
		t.Fatal(err)
	}
	all, err := s.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[int]labs.Standing{"kafka": {1: {Hints: 2, Solution: true}}}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
}

func TestTwoProgramsShareTheFile(t *testing.T) {
	server := store(t)
	command := New(server.path)
	defer command.Close()
	record(t, server, report(labs.NotYet, ""))
	done := make(chan error)
	for _, s := range []*Store{server, command} {
		go func() {
			for range 50 {
				if err := s.Record(t.Context(), report(labs.Passed, "")); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if lab(t, server)[2].Passed.IsZero() {
		t.Error("the server does not see what the command recorded")
	}
}

func TestDamagedFileIsKeptAndReplaced(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"not a database": func([]byte) []byte { return []byte(strings.Repeat("what was this\n", 400)) },
		"torn page":      func(b []byte) []byte { copy(b[4096:], strings.Repeat("x", 4096)); return b },
		"cut short":      func(b []byte) []byte { return b[:5000] },
	} {
		t.Run(name, func(t *testing.T) {
			s := store(t)
			record(t, s, report(labs.Passed, ""))
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			bytes, err := os.ReadFile(s.path)
			if err != nil {
				t.Fatal(err)
			}
			broken := damage(bytes)
			if err := os.WriteFile(s.path, broken, 0o644); err != nil {
				t.Fatal(err)
			}
			record(t, s, report(labs.NotYet, "")) // goes on in a new file
			told := s.Notices()
			if len(told) != 1 {
				t.Fatalf("notices: %q", told)
			}
			aside, _ := filepath.Glob(strings.ReplaceAll(s.path, "?", "\\?") + ".damaged-*")
			if len(aside) != 1 || !strings.Contains(told[0], aside[0]) {
				t.Fatalf("kept %q, told %q", aside, told)
			}
			kept, err := os.ReadFile(aside[0])
			if err != nil || !cmp.Equal(broken, kept) {
				t.Errorf("the damaged file was not kept as it was: %v", err)
			}
		})
	}
}

func TestFileThatCannotBeUsedIsAProblem(t *testing.T) {
	dir := t.TempDir()
	blocked := filepath.Join(dir, "file")
	if err := os.WriteFile(blocked, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "progress.db"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"folder is a file": filepath.Join(blocked, "progress.db"),
		"file is a folder": filepath.Join(dir, "progress.db"),
	} {
		s := New(path)
		err := s.Record(t.Context(), report(labs.Passed, ""))
		p, ok := errors.AsType[*labs.Problem](err)
		if !ok || p.Kind != labs.Machine || p.Next == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFileThatMayNotBeWrittenIsLeftAlone(t *testing.T) {
	s := store(t)
	record(t, s, report(labs.Passed, ""))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(s.path, 0o400); err != nil {
		t.Fatal(err)
	}
	if file, err := os.OpenFile(s.path, os.O_RDWR, 0); err == nil {
		file.Close()
		t.Skip("this account may write everywhere; run this test as an ordinary user")
	}
	err := s.Record(t.Context(), report(labs.Passed, ""))
	p, ok := errors.AsType[*labs.Problem](err)
	if !ok || p.Kind != labs.Machine || !strings.Contains(p.Say, "may not be used") {
		t.Errorf("err = %v", err)
	}
	if told := s.Notices(); len(told) != 0 {
		t.Errorf("took it for damaged: %q", told)
	}
}

func TestNewerFileIsLeftAlone(t *testing.T) {
	s := store(t)
	record(t, s, report(labs.Passed, ""))
	if _, err := s.db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Lab(t.Context(), "kafka"); err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Errorf("err = %v", err)
	}
}

func record(t *testing.T, s *Store, r labs.Report) {
	t.Helper()
	if err := s.Record(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

func lab(t *testing.T, s *Store) map[int]labs.Standing {
	t.Helper()
	steps, err := s.Lab(t.Context(), "event-driven")
	if err != nil {
		t.Fatal(err)
	}
	return steps
}
