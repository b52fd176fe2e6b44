//go:build unix

package proc

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cnalab/fixtures/require"
	"cnalab/labs/process"
)

func shell(script string) Command {
	return Command{Name: "script", Path: "sh", Args: []string{"-c", script}}
}

func TestRunTellsHowAProgramEnded(t *testing.T) {
	for name, test := range map[string]struct {
		script string
		ok     bool
		code   int
		stdout string
	}{
		"in good order":  {"echo one; printf two", true, 0, "one\ntwo"},
		"with a status":  {"echo said; exit 3", false, 3, "said\n"},
		"by a signal":    {"kill -TERM $$", false, -1, ""},
		"keeps no token": {"printf '%s' \"$CNALAB_CONTROL\"", true, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("CNALAB_CONTROL", "http://secret@127.0.0.1:1")
			result, err := Run(t.Context(), shell(test.script))
			if err != nil {
				t.Fatal(err)
			}
			if result.Exit.OK() != test.ok || result.Exit.Code != test.code || result.Stdout != test.stdout {
				t.Errorf("got %+v", result)
			}
		})
	}
}

func TestRunEndsAProgramThatIsLate(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	result, err := Run(ctx, shell("sleep 60"))
	if err != nil || !result.Exit.Late || time.Since(begin) > 5*time.Second {
		t.Errorf("got %+v, %v after %s", result, err, time.Since(begin))
	}
}

func TestRunEndsAProgramThatPrintsWithoutEnd(t *testing.T) {
	command := shell("yes")
	command.Output = 1000
	result, err := Run(t.Context(), command)
	if err != nil || !result.Exit.Flooded || result.Exit.Late || len(result.Stdout) != 1000 {
		t.Errorf("got %+v with %d bytes, %v", result.Exit, len(result.Stdout), err)
	}
}

// A program of the learner's fills no disk, whether it goes on or ends for want of
// room.
func TestRunEndsAProgramThatWritesWithoutEnd(t *testing.T) {
	if process.Isolates() == process.NotIsolated {
		require.Missing(t, "isolation", "this system does not let us isolate programs")
	}
	for _, then := range []string{"exec sleep 60", "exit 1"} {
		command := shell("head -c 300m /dev/zero > $HOME/much; " + then)
		command.Isolated = true
		result, err := Run(t.Context(), command)
		if err != nil || !result.Exit.Filled || result.Exit.OK() || result.Exit.Late {
			t.Errorf("%s: got %+v, %v", then, result.Exit, err)
		}
	}
}

func TestRunEndsWhatTheProgramStarted(t *testing.T) {
	script := "sleep 61 & echo $!"
	if runtime.GOOS == "linux" {
		script = "setsid sleep 61 & echo $!; sleep 0.1" // in a group of its own
	}
	result, err := Run(t.Context(), shell(script))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(result.Stdout))
	if err != nil {
		t.Fatalf("got %q: %v", result.Stdout, err)
	}
	for range 100 {
		if !alive(pid) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %d still runs", pid)
}

// alive counts a zombie, which only its parent can bury, as dead.
func alive(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err == nil {
		return !strings.Contains(string(stat), ") Z ")
	}
	return runtime.GOOS != "linux" && syscall.Kill(pid, 0) == nil
}

func TestRunBoundsMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux limits another process")
	}
	command := shell("sleep 0.1; head -c 100m /dev/zero | tail >/dev/null")
	command.Memory = 20 << 20
	result, err := Run(t.Context(), command)
	if err != nil || result.Exit.OK() {
		t.Errorf("100 MiB in 20 MiB: got %+v, %v", result, err)
	}
}

func TestSendFeedsAProgramLineByLine(t *testing.T) {
	command := shell("while read line; do echo got $line; done")
	command.Open = true
	p, err := Start(t.Context(), command)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Send("one"); err != nil {
		t.Fatal(err)
	}
	for begin := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		lines, _ := p.stdout.Lines(0)
		if len(lines) == 1 && lines[0] == "got one" {
			break
		}
		if time.Since(begin) > 5*time.Second {
			t.Fatalf("got %q", lines)
		}
	}
	if err := p.CloseInput(); err != nil {
		t.Fatal(err)
	}
	<-p.Done()
	if exit, ended := p.Exit(); !ended || !exit.OK() {
		t.Errorf("got %+v", exit)
	}
}

func TestStartTellsThatAProgramIsMissing(t *testing.T) {
	for _, open := range []bool{false, true} {
		if _, err := Start(t.Context(), Command{Path: "/no/such/program", Open: open}); err == nil {
			t.Error("want an error")
		}
	}
}
