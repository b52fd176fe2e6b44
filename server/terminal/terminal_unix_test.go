//go:build unix

package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/labs/environ"
)

// rig has shells that are bash or sh, whatever the tester's own is.
func rig(t *testing.T) (*Shells, Request) {
	t.Helper()
	t.Setenv("SHELL", "")
	t.Setenv("HOME", t.TempDir())
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	k := New(Config{Start: Local{Folder: t.TempDir()}.Start})
	t.Cleanup(k.Close)
	return k, Request{Lab: "a-lab", Dir: dir, Environment: []string{"SERVICE_ORDER=http://127.0.0.1:4000"}}
}

// viewer is a page that shows what it gets.
type viewer struct {
	*testing.T
	screen *Screen
	shell  *Shell
	text   strings.Builder
	place  int64
}

func view(t *testing.T, s *Shell, seen int64) *viewer {
	t.Helper()
	v := &viewer{T: t, shell: s, screen: s.Attach(seen)}
	v.place = v.screen.From()
	t.Cleanup(v.screen.Close)
	return v
}

func open(t *testing.T, k *Shells, request Request) *viewer {
	t.Helper()
	s, err := k.Open(request)
	if err != nil {
		t.Fatal(err)
	}
	return view(t, s, 0)
}

// until reads on until the text has come, and returns all up to its end.
func (v *viewer) until(text string) string {
	v.Helper()
	ctx, cancel := context.WithTimeout(v.Context(), 20*time.Second)
	defer cancel()
	buffer := make([]byte, 8<<10)
	for !strings.Contains(v.text.String(), text) {
		p, err := v.screen.Next(ctx, buffer)
		if err != nil {
			v.Fatalf("waited in vain for %q: %v; it says %.300q", text, err, v.text.String())
		}
		v.text.Write(p)
		v.place += int64(len(p))
		v.screen.Shown(v.place)
	}
	all := v.text.String()
	end := strings.Index(all, text) + len(text)
	v.text.Reset()
	v.text.WriteString(all[end:])
	return all[:end]
}

func (v *viewer) types(text string) {
	v.Helper()
	if err := v.shell.Write([]byte(text)); err != nil {
		v.Fatal(err)
	}
}

func TestShellSpeaks(t *testing.T) {
	k, request := rig(t)
	v := open(t, k, request)
	v.types("echo \"it is $SERVICE_ORDER in $PWD with $TERM\"\r")
	v.until("it is http://127.0.0.1:4000 in " + request.Dir + " with xterm-256color")
	v.types("tty && echo a ''terminal; set -m && echo jobs ''here\r")
	v.until("a terminal")
	v.until("jobs here")
}

func TestPromptIsTheFolder(t *testing.T) {
	k, request := rig(t)
	request.Dir = filepath.Join(request.Dir, "event-driven")
	if err := os.Mkdir(request.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if output := open(t, k, request).until("$ "); !strings.Contains(output, "event-driven") || strings.Contains(output, "/event-driven") {
		t.Errorf("the prompt is %q", output)
	}
}

// An account that nobody logs in to gets a shell that can be typed in.
func TestShellOfASystemAccount(t *testing.T) {
	for _, own := range []string{"/usr/sbin/nologin", "/bin/false", "", "/no/such/shell"} {
		if found, err := find(own); err != nil || !strings.HasSuffix(found, "sh") {
			t.Errorf("for %q it is %q, %v", own, found, err)
		}
	}
}

func TestEnvironment(t *testing.T) {
	user := []string{"HOME=/home/eve", "PATH=/bin", "TERM=dumb", "TERM_PROGRAM=x", "CNALAB_LABS=x", "GRADE_RUN=x", "HTTPS_PROXY=p", "HISTFILE=h", "LANG=ko_KR.UTF-8", "PGSERVICE=x"}
	got := environment(user, []string{"KAFKA=127.0.0.1:9", "DATABASE_ORDER=postgres://order"}, "/tools")
	for name, want := range map[string]string{
		"HOME": "/home/eve", "PATH": "/tools:/bin", "TERM": "xterm-256color", "TERM_PROGRAM": "", "CNALAB_LABS": "", "GRADE_RUN": "",
		"HTTPS_PROXY": "p", "HISTFILE": "", "LANG": "ko_KR.UTF-8", "KAFKA": "127.0.0.1:9", "PGSERVICE": "",
	} {
		if is := environ.Lookup(got, name); is != want {
			t.Errorf("%s is %q, want %q", name, is, want)
		}
	}
	if lang := environ.Lookup(environment(nil, nil, ""), "LANG"); lang != "C.UTF-8" {
		t.Errorf("without a language LANG is %q", lang)
	}
	if path := environ.Lookup(environment([]string{"PATH=/bin"}, []string{"PATH=/cluster:/bin"}, "/tools"), "PATH"); path != "/tools:/cluster:/bin" {
		t.Errorf("the sandbox's PATH is lost: %q", path)
	}
}

func TestResize(t *testing.T) {
	k, request := rig(t)
	v := open(t, k, request)
	if err := v.shell.Resize(101, 33); err != nil {
		t.Fatal(err)
	}
	v.types("stty size\r")
	v.until("33 101")
	for _, size := range [][2]int{{0, 24}, {80, -1}, {1 << 20, 24}, {1 << 16, 1 << 62}} {
		problem, is := errors.AsType[*labs.Problem](v.shell.Resize(size[0], size[1]))
		if !is || problem.Kind != labs.BadInput || problem.Next == "" || strings.Count(problem.Say, ".") != 1 {
			t.Errorf("a size of %d × %d is answered with %+v, want one sentence", size[0], size[1], problem)
		}
	}
	v.types("stty size | tr ' ' x\r")
	v.until("33x101")
}

// A page that was away gets what it has not seen; a new one gets what is kept.
func TestComingBack(t *testing.T) {
	k, request := rig(t)
	first := open(t, k, request)
	first.types("echo first''\r")
	first.until("first\r\n")
	first.until("$ ")
	first.screen.Close()
	first.types("echo second''; touch done\r")
	within(t, "the shell to go on", func() bool { _, err := os.Stat(filepath.Join(request.Dir, "done")); return err == nil })

	back := view(t, first.shell, first.place)
	if output := back.until("second\r\n"); strings.Contains(output, "first\r\n") {
		t.Errorf("what was seen came again: %q", output)
	}
	again := view(t, first.shell, -1)
	if output := again.until("second\r\n"); !strings.Contains(output, "first\r\n") || again.screen.From() != 0 || again.screen.Behind() == 0 {
		t.Errorf("a new page got %q from %d to %d", output, again.screen.From(), again.screen.Behind())
	}
	if beyond := view(t, first.shell, 1<<40); beyond.screen.From() != 0 {
		t.Errorf("one that has seen another shell begins at %d", beyond.screen.From())
	}
}

// A program that prints without end waits for the page, fills no memory, and
// can be ended; then the last that it printed is still there.
func TestFlood(t *testing.T) {
	k, request := rig(t)
	v := open(t, k, request)
	v.until("$ ")
	v.types("yes 0123456789abcdef\r")
	printed := func() int64 { v.shell.mu.Lock(); defer v.shell.mu.Unlock(); return v.shell.out.end }
	within(t, "the flood", func() bool { return printed() > kept/2 })
	within(t, "the program to wait", func() bool { before := printed(); time.Sleep(100 * time.Millisecond); return printed() == before })
	if ahead := printed() - v.place; ahead > kept {
		t.Errorf("%d bytes wait for the page, more than are kept", ahead)
	}
	for range 200 { // the page shows some of it, and more comes, in order
		v.until("0123456789abcdef\r\n0123456789abcdef\r\n")
	}
	v.types("\x03")
	v.types("echo still'' here\r")
	v.until("still here\r\n")
}

func TestFloodWithoutAPageGoesOn(t *testing.T) {
	k, request := rig(t)
	v := open(t, k, request)
	v.screen.Close()
	v.types("seq 1 200000; echo all'' printed\r")
	within(t, "the end", func() bool {
		last := make([]byte, 100)
		v.shell.mu.Lock()
		defer v.shell.mu.Unlock()
		return v.shell.out.end > 1<<20 && bytes.Contains(last[:v.shell.out.read(last, v.shell.out.end-100)], []byte("printed"))
	})
	late := view(t, v.shell, -1)
	if output := late.until("all printed"); len(output) > kept || strings.Contains(output, "\r\n1\r\n") || !strings.Contains("0123456789", output[:1]) {
		t.Errorf("a new page got %d bytes that begin with %.20q", len(output), output)
	}
}

// A page that shows nothing any more is let go, and the program goes on.
func TestSlowPageIsLetGo(t *testing.T) {
	k, request := rig(t)
	k.config.Timeout = 200 * time.Millisecond
	v := open(t, k, request)
	v.types("seq 1 200000; touch done\r")
	within(t, "the program to go on", func() bool { _, err := os.Stat(filepath.Join(request.Dir, "done")); return err == nil })
	if _, err := v.screen.Next(t.Context(), make([]byte, 10)); !errors.Is(err, errSlow) {
		t.Errorf("the page got %v", err)
	}
}

func TestPasteOfAMegabyte(t *testing.T) {
	k, request := rig(t)
	v := open(t, k, request)
	v.until("$ ")
	v.types("stty raw -echo; head -c 1048576 | cksum; stty sane; echo\r")
	time.Sleep(200 * time.Millisecond)
	pasted := strings.Repeat("0123456789abcde\n", 1<<16)
	v.types(pasted)
	sum := exec.Command("cksum")
	sum.Stdin = strings.NewReader(pasted)
	want, err := sum.Output()
	if err != nil {
		t.Skip(err)
	}
	v.until(strings.TrimSpace(string(want)))
}

// What is pasted into a program that does not read does not keep Ctrl-C away.
func TestInterruptPassesWhatWasPasted(t *testing.T) {
	k, request := rig(t)
	v := open(t, k, request)
	v.until("$ ")
	v.types("sleep 1201\r")
	time.Sleep(300 * time.Millisecond)
	v.types(strings.Repeat("x\n", 1<<18))
	time.Sleep(300 * time.Millisecond)
	v.types("\x03")
	v.types("echo still'' here\r")
	v.until("still here\r\n")
}

func TestPasteWithoutEndIsRefused(t *testing.T) {
	q := newQueue(func() {})
	for range mostInput / (1 << 20) {
		if err := q.put(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.put([]byte("x")); labs.AsProblem(err).Kind != labs.BadInput {
		t.Errorf("one byte more: %v", err)
	}
}

func TestExit(t *testing.T) {
	k, request := rig(t)
	v := open(t, k, request)
	v.types("echo bye''; exit\r")
	v.until("bye\r\n")
	if why := v.end(); why != Exited {
		t.Errorf("it ended because %q", why)
	}
	within(t, "the list to be empty", func() bool { return len(k.List(request.Lab)) == 0 })
}

// end reads to the end and returns why it came.
func (v *viewer) end() Why {
	v.Helper()
	for {
		p, err := v.screen.Next(v.Context(), make([]byte, 1000))
		if errors.Is(err, io.EOF) {
			return v.screen.Why()
		}
		if err != nil {
			v.Fatal(err)
		}
		v.place += int64(len(p))
		v.screen.Shown(v.place)
	}
}

// A shell ends with all that it started, also with what it put aside.
func TestEndLeavesNothing(t *testing.T) {
	k, request := rig(t)
	sleep := sleepOf(os.Getpid())
	for name, end := range map[string]func(s *Shell){
		"its tab is closed": func(s *Shell) { s.End(Closed) },
		"its lab ends":      func(*Shell) { k.End(request.Lab, SandboxEnded) },
	} {
		v := open(t, k, request)
		v.types(sleep + " & nohup " + sleep + " >nohup.out 2>&1 & trap '' HUP; (setsid " + sleep + " &); echo started''\r")
		v.until("started\r\n")
		within(t, "three of them", func() bool { return count(sleep) == 3 })
		end(v.shell)
		if left := count(sleep); left > 0 {
			t.Errorf("%s: %d programs are left", name, left)
		}
		if left := len(k.List(request.Lab)); left > 0 {
			within(t, "the list to be empty", func() bool { return len(k.List(request.Lab)) == 0 })
		}
	}
}

// sleepOf is a command that nobody else runs, whoever tests beside us.
func sleepOf(pid int) string { return fmt.Sprintf("sleep 1202.%d", pid) }

// count counts the processes with that command.
func count(command string) int {
	out, _ := exec.Command("pgrep", "-x", "-f", regexp.QuoteMeta(command)).Output()
	return len(strings.Fields(string(out)))
}

func TestHistoryIsTheLabsOwn(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	k, request := rig(t)
	v := open(t, k, request)
	v.types("echo remember'' this\r")
	v.until("remember this\r\n")
	v.until("$ ")
	v.shell.End(Closed)
	v = open(t, k, request)
	v.types("history\r")
	v.until("echo remember'' this")
	request.Lab = "another"
	v = open(t, k, request)
	v.types("history; echo no'' more\r")
	if output := v.until("no more\r\n"); strings.Contains(output, "remember") {
		t.Errorf("another lab's shell remembers: %q", output)
	}
}

func TestOnlySoMany(t *testing.T) {
	k, request := rig(t)
	for range Most {
		open(t, k, request)
	}
	if _, err := k.Open(request); labs.AsProblem(err).Kind != labs.Conflict {
		t.Errorf("one more: %v", err)
	}
	other := request
	other.Lab = "another"
	v := open(t, k, other)
	k.Close()
	if why := v.end(); why != ServerEnded {
		t.Errorf("it ended because %q", why)
	}
	if _, err := k.Open(other); labs.AsProblem(err).Kind != labs.Conflict {
		t.Errorf("after the end: %v", err)
	}
}

func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(40 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("waited in vain for %s", what)
}

// A shell that is ended while its start-up holds a lock in its home lets go of it.
func TestStartUpTidiesUp(t *testing.T) {
	k, request := rig(t)
	lock := filepath.Join(os.Getenv("HOME"), "lock")
	const slow = "trap 'sleep 0.1; rm ~/lock' EXIT; touch ~/lock\nsleep 60\n"
	if err := os.WriteFile(filepath.Join(os.Getenv("HOME"), ".bashrc"), []byte(slow), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := k.Open(request)
	if err != nil {
		t.Fatal(err)
	}
	there := func() bool { _, err := os.Stat(lock); return err == nil }
	within(t, "the start-up", there)
	s.End(Closed)
	if there() {
		t.Error("the shell was killed before it could let go of its lock")
	}
}

// A plain shell is there at once, whatever the person's own would do first.
func TestPlainShell(t *testing.T) {
	k, request := rig(t)
	if err := os.WriteFile(filepath.Join(os.Getenv("HOME"), ".bashrc"), []byte("sleep 60\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SHELL", "/bin/false")
	request.Plain = true
	v := open(t, k, request)
	v.types("echo here${LAB_PLAIN}''\r")
	v.until("here\r\n")
}
