//go:build unix

package verify

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/labs/translate"
	"cnalab/server/handin"
)

func newTestShell(t *testing.T) *replayShell {
	t.Helper()
	shell := newReplayShell(t.TempDir(), []string{"KAFKA=127.0.0.1:9", "CNALAB_CONTROL=http://secret@127.0.0.1:1"}, nil)
	t.Cleanup(shell.close)
	if err := shell.prepare(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	return shell
}

// does does one command, and the note must hold the words; none where they are empty.
func does(t *testing.T, shell *replayShell, line, want string) {
	t.Helper()
	note := shell.do(t.Context(), handin.Command{Line: line, Folder: "."})
	if want == "" && note != "" || !strings.Contains(note, want) {
		t.Errorf("%s: %q, want %q", line, note, want)
	}
}

// Commands that are done again have one shell, as they had when they were typed.
func TestCommandsAreDoneAgain(t *testing.T) {
	k := newTestShell(t)
	does(t, k, "at=$KAFKA; mkdir sub", "")
	does(t, k, "cat > answer <<'END'\nit's $at\nEND", "")
	does(t, k, "grep -q 'it.s $at' answer && test $at = 127.0.0.1:9", "")
	does(t, k, "test -z \"$CNALAB_CONTROL\"", "")
	does(t, k, "cat", "") // reads nothing, and takes no command that comes after it
	does(t, k, "false", "`false` ended with 1 when it was done again.")
	does(t, k, "echo first; echo no such thing >&2; exit_code() { return 7; }; exit_code", "ended with 7 when it was done again: no such thing")
	does(t, k, "exit 3", "`exit 3` ended the shell when it was done again.")
	does(t, k, "true", "")
	if note := k.do(t.Context(), handin.Command{Line: "pwd > here", Folder: "sub"}); note != "" {
		t.Error(note)
	}
	if _, err := os.Stat(filepath.Join(k.dir, "sub", "here")); err != nil {
		t.Error(err)
	}
	if note := k.do(t.Context(), handin.Command{Line: "test -d sub", Folder: "gone"}); note != "" {
		t.Error(note)
	}
	for _, outside := range []string{"/", "../..", filepath.Dir(k.dir)} {
		if note := k.do(t.Context(), handin.Command{Line: "test -z \"$(ls)\" && touch made && rm *", Folder: outside}); note != "" {
			t.Error(note)
		}
	}
	if _, err := os.Stat(filepath.Join(k.dir, "answer")); err != nil {
		t.Errorf("what was typed elsewhere was done in the workspace: %v", err)
	}
}

// What could not be done again is told in the grader's language.
func TestNotesAreTranslated(t *testing.T) {
	k := newTestShell(t)
	for line, want := range map[string]string{
		"false":                            "`false`: 다시 실행하니 종료 코드가 1입니다.",
		"exit 3":                           "`exit 3`: 다시 실행하니 셸이 끝났습니다.",
		"echo no such thing >&2; (exit 7)": "`echo no such thing >&2; (exit 7)`: 다시 실행하니 종료 코드가 7입니다: no such thing",
	} {
		note := k.do(t.Context(), handin.Command{Line: line, Folder: "."})
		lab := &labs.Lab{Sentences: map[string]labs.Translator{"ko": translate.Korean(t.TempDir())}}
		report := lab.TranslateReport(labs.Report{Steps: []labs.StepReport{{Step: 1, Notes: []string{note}}}}, "ko")
		if got := report.Steps[0].Notes[0]; got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}

// What goes on in the background, or never ends, is ended with the shell.
func TestCommandsAreEnded(t *testing.T) {
	k := newTestShell(t)
	does(t, k, "(sleep 1; touch late) & sleep 0", "")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	k.do(ctx, handin.Command{Line: "sleep 60", Folder: "."})
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v to end a command", took)
	}
	time.Sleep(1500 * time.Millisecond)
	if _, err := os.Stat(filepath.Join(k.dir, "late")); err == nil {
		t.Error("what went on in the background was not ended")
	}
}

func TestWhatASandboxIsCalledByIsReplaced(t *testing.T) {
	was := map[string]string{"node control-plane": "old-control-plane", "node worker 1": "old-worker", "node worker 2": "old-worker2", "NODEPORT_30080": "127.0.0.1:1", "gone": "x"}
	is := map[string]string{"node control-plane": "new-control-plane", "node worker 1": "new-worker", "node worker 2": "new-worker2", "NODEPORT_30080": "127.0.0.1:2"}
	got := renamer(was, is).Replace("worker: old-worker, old-worker2 of old-control-plane at 127.0.0.1:1, x")
	if want := "worker: new-worker, new-worker2 of new-control-plane at 127.0.0.1:2, x"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestALongCommandIsQuotedShort(t *testing.T) {
	for line, want := range map[string]string{"ls": "`ls`", "cat <<E\na\nE": "`cat <<E …`", strings.Repeat("x", 200): "`" + strings.Repeat("x", 120) + " …`"} {
		if got := title(handin.Command{Line: line}); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
