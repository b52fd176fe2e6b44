package site_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	store "cnalab/server/progress"
	"cnalab/server/sandbox"
	"cnalab/server/workspaces"
	"cnalab/server/workspaces/folder"
)

// openPage is a real site for a lab of 12 checks, with its page open and its
// sandbox too.
func openPage(t *testing.T) (*real, *reader, *workspaces.Workspace) {
	t.Helper()
	lab := withChecks(writeLab(t), 12)
	kept := store.New(filepath.Join(t.TempDir(), "progress.db"))
	t.Cleanup(func() { _ = kept.Close() })
	files := workspaces.New(t.TempDir(), "../..").Lab(lab)
	r := newReal(t, lab, workspace{files}, kept)
	server := serve(t, r)
	if err := files.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.session.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	wait(t, "the checks to be compiled", func() bool { stages := r.session.Status().Stages; return len(stages) == 1 && stages[0].Done })
	page := listen(t, server, "/labs/event-driven/events?step=1")
	page.next("swap", `id="solution"`)
	time.Sleep(200 * time.Millisecond) // what opening has told is drawn, and the system watches the folders
	r.drawn.take()
	return r, page, files
}

// An event of a check draws what it changes and nothing else, and progress is
// read when something was recorded.
func TestACheckDrawsItsOwnPieces(t *testing.T) {
	r, page, _ := openPage(t)
	r.checks.next = make(chan struct{})
	before := r.reads.times.Load()
	r.session.StartCheck(1)
	for i := range 12 {
		r.checks.next <- struct{}{}
		page.next("swap", `data-verdict="checking"`)
		r.checks.next <- struct{}{}
		for drawn := ""; strings.Count(drawn, `<li class="verdict" data-verdict="passed"`) <= i; {
			drawn = page.next("swap", `class="verdicts"`)
		}
	}
	wait(t, "the run to end", func() bool { return !r.session.Run().Running })
	page.next("swap", `class="solution`)
	page.quiet()
	drawn := r.drawn.take()
	for piece, most := range map[string]int{"status": 0, "stages": 0, "parts": 0, "log": 0, "tree": 0, "notice": 0, "stepper": 2, "solution": 1, "result bar": 30, "verdicts": 30} {
		if drawn[piece] > most {
			t.Errorf("%s is drawn %d times, want at most %d", piece, drawn[piece], most)
		}
	}
	if drawn["stepper"] != 2 || drawn["verdicts"] < 12 || drawn["result bar"] < 12 {
		t.Errorf("drawn: %v, want the stepper at the start and at the end, and the verdicts as they come", drawn)
	}
	if reads := r.reads.times.Load() - before; reads != 1 {
		t.Errorf("progress is read %d times, want once, after it was recorded", reads)
	}
}

// reloaded waits for the sandbox to run what the workspace holds now.
func (r *real) reloaded(t *testing.T, within time.Duration) {
	t.Helper()
	select {
	case <-r.sandbox.reloads:
	case <-time.After(within):
		t.Errorf("the sandbox was not told of it within %v", within)
	}
}

func (r *real) notReloaded(t *testing.T) {
	t.Helper()
	select {
	case <-r.sandbox.reloads:
		t.Error("the sandbox is told twice of one save")
	case <-time.After(500 * time.Millisecond): // longer than any watcher waits
	}
}

// What is saved in the browser reaches the sandbox and other pages before the
// answer does, without a word from the system, and once.
func TestASaveReachesTheSandboxAtOnce(t *testing.T) {
	r, page, files := openPage(t)
	server := serve(t, r)
	for i, text := range []string{"package main // one\n", "package main // two\n"} {
		held, err := files.Read("order/main.go")
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		answer, _ := call(t, server, "PUT", "/labs/event-driven/files/order/main.go", strings.NewReader(text), "If-Match", `"`+held.ETag+`"`)
		if answer.StatusCode != http.StatusNoContent {
			t.Fatal(answer.Status)
		}
		r.reloaded(t, 50*time.Millisecond)
		t.Logf("save %d reached the sandbox after %v", i+1, time.Since(began))
		page.next("file", folder.ETag(text))
		r.notReloaded(t)
	}
}

// So does what a reset writes.
func TestAResetReachesTheSandboxAtOnce(t *testing.T) {
	r, _, files := openPage(t)
	server := serve(t, r)
	put(t, files.Dir(), "order/main.go", "package main // mine\n")
	r.reloaded(t, 5*time.Second)
	answer, _ := call(t, server, "POST", "/labs/event-driven/reset", strings.NewReader("scope=lab&step=1"),
		"HX-Request", "true", "Content-Type", "application/x-www-form-urlencoded")
	if answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
	r.reloaded(t, 50*time.Millisecond)
	r.notReloaded(t)
}

// What another program writes is noticed by the one watcher, also by the
// sandbox of a learner who has no page open.
func TestAnEditFromOutsideReachesTheSandbox(t *testing.T) {
	r, page, files := openPage(t)
	put(t, files.Dir(), "order/main.go", "package main // from another editor\n")
	r.reloaded(t, 5*time.Second)
	page.next("file", `"path":"order/main.go"`)
	r.notReloaded(t)
	page.leave()
	put(t, files.Dir(), "order/main.go", "package main // with no page open\n")
	r.reloaded(t, 5*time.Second)
	if err := r.session.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, files.Dir(), "order/main.go", "package main // with no sandbox open\n")
	r.notReloaded(t)
	if phase := r.session.Status().Phase; phase != sandbox.Closed {
		t.Errorf("the sandbox is %s", phase)
	}
}

func put(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
