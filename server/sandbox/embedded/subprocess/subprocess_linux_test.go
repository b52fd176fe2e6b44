package subprocess

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cnalab/fixtures/require"
	"cnalab/labs/process"
	"cnalab/server/sandbox/cleanup"
)

// output is what a process prints, safe to read while it does.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func held(t *testing.T) *cleanup.Record {
	t.Helper()
	l, err := cleanup.NewRecord(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// shell runs a script and waits until it has printed as many words.
func shell(t *testing.T, l *cleanup.Record, memory uint64, words int, script string) (*Process, []string) {
	t.Helper()
	path, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell: ", err)
	}
	out := &output{}
	p, err := Start(Spec{Path: path, Args: []string{"-c", script}, Env: os.Environ(), Output: out, Memory: memory, Record: l})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	for range 500 {
		if printed := strings.Fields(out.String()); len(printed) >= words {
			return p, printed
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s printed %q, want %d words", script, out, words)
	return nil, nil
}

func state(pid string) string {
	n, _ := strconv.Atoi(pid)
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(n), "stat"))
	if err != nil {
		return "gone"
	}
	return strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))[0]
}

// settled waits a while for the state: a signal arrives when the process runs.
func settled(pid, want string) (got string) {
	for range 100 {
		if got = state(pid); got == want {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return got
}

// daemons is a script that leaves three processes behind in three ways: a
// child, one in its own session, and one in its own session whose parent is
// gone.
const daemons = `sleep 1000 & echo $!
setsid sleep 1001 & echo $!
(setsid sh -c 'sleep 1002 & echo $!')
`

func TestPauseResumeAndKillReachAllThatWasForked(t *testing.T) {
	p, pids := shell(t, held(t), 0, 3, daemons+"wait; sleep 1000")
	pids = append(pids, strconv.Itoa(p.PID()))
	p.Pause()
	for _, pid := range pids {
		if got := settled(pid, "T"); got != "T" {
			t.Errorf("paused: process %s is %s, want T", pid, got)
		}
	}
	p.Resume()
	time.Sleep(20 * time.Millisecond)
	for _, pid := range pids {
		if got := state(pid); got == "T" {
			t.Errorf("resumed: process %s is still stopped", pid)
		}
	}
	p.Pause() // a paused one is killed all the same
	p.Kill()
	for _, pid := range pids {
		if got := state(pid); got != "gone" && got != "Z" {
			t.Errorf("killed: process %s is %s", pid, got)
		}
	}
}

func TestWhatWasForkedEndsWithItsParent(t *testing.T) {
	p, pids := shell(t, held(t), 0, 3, daemons+"sleep 0.1; exit 3")
	select {
	case <-p.Done():
	case <-time.After(5 * time.Second):
		t.Fatal("it does not end")
	}
	if err := p.Err(); err == nil || err.Error() != "exit status 3" {
		t.Errorf("it ended with %v", err)
	}
	for _, pid := range pids {
		if got := state(pid); got != "gone" && got != "Z" {
			t.Errorf("process %s is %s", pid, got)
		}
	}
}

func TestStopGivesGraceAndThenKills(t *testing.T) {
	polite, _ := shell(t, held(t), 0, 1, `trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done`)
	polite.Stop(5 * time.Second)
	if err := polite.Err(); err != nil {
		t.Errorf("one that ends in good order: %v", err)
	}
	stubborn, _ := shell(t, held(t), 0, 1, `trap '' TERM; echo ready; while :; do sleep 0.01; done`)
	began := time.Now()
	stubborn.Stop(200 * time.Millisecond)
	if took := time.Since(began); took < 200*time.Millisecond || took > 3*time.Second {
		t.Errorf("one that does not listen took %v", took)
	}
	stubborn.Stop(time.Second) // again does no harm
}

func TestForkingWithoutEndIsEnded(t *testing.T) {
	sleep := fmt.Sprintf("sleep 1003.%d", os.Getpid()) // that nobody else runs, whoever tests beside us
	p, _ := shell(t, held(t), 1<<30, 1, "echo ready; while :; do "+sleep+" & setsid "+sleep+" & sleep 0.005; done")
	select {
	case <-p.Done():
	case <-time.After(30 * time.Second):
		t.Fatal("it forks on")
	}
	if err := p.Err(); err == nil || !strings.Contains(err.Error(), "processes") {
		t.Errorf("it ended with %v, want the reason", err)
	}
	if out, _ := exec.Command("pgrep", "-x", "-f", sleep).Output(); len(out) > 0 {
		t.Errorf("left behind: %s", out)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	p, _ := shell(t, held(t), 64<<20, 1, `echo ready; x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done`)
	select {
	case <-p.Done():
	case <-time.After(30 * time.Second):
		t.Fatal("it takes memory on")
	}
	if p.Err() == nil {
		t.Error("it ended in good order")
	}
}

// A learner's service fills no disk, and it is told why it was ended.
func TestWritingWithoutEndIsEnded(t *testing.T) {
	if process.Isolates() == process.NotIsolated {
		require.Missing(t, "isolation", "this system does not let us isolate programs")
	}
	path, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell: ", err)
	}
	isolation := &process.Isolation{As: process.NewDynamicUser()}
	defer isolation.As.Close()
	for _, then := range []string{"exec sleep 60", "exit 1"} {
		p, err := Start(Spec{Path: path, Args: []string{"-c", "head -c 300m /dev/zero > much; " + then}, Dir: t.TempDir(), Env: os.Environ(),
			Output: &output{}, Memory: 1 << 30, Record: held(t), Isolation: isolation})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Kill)
		select {
		case <-p.Done():
		case <-time.After(30 * time.Second):
			t.Fatal("it goes on")
		}
		if err := p.Err(); err == nil || err.Error() != "wrote more than 256 MB" {
			t.Errorf("%s: it ended with %v", then, err)
		}
	}
}

func TestSweepFindsWhatAKilledOwnerLeft(t *testing.T) {
	folder := t.TempDir()
	l, err := cleanup.NewRecord(folder)
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	if err := l.Folder(data, 0o700); err != nil {
		t.Fatal(err)
	}
	p, pids := shell(t, l, 0, 3, daemons+"wait; sleep 1000")
	if err := cleanup.Sweep(folder, func(string) {}); err != nil {
		t.Fatal(err)
	}
	if state(pids[0]) == "gone" {
		t.Fatal("a living owner's processes were swept")
	}
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Skip(err)
	}
	disown(t, folder, process.Identity{PID: gone.Process.Pid, Start: "another boot:1"})
	var before []string
	if err := cleanup.Sweep(folder, func(f string) { before = append(before, f) }); err != nil {
		t.Fatal(err)
	}
	for _, pid := range append(pids, strconv.Itoa(p.PID())) {
		if got := state(pid); got != "gone" && got != "Z" {
			t.Errorf("process %s is %s", pid, got)
		}
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Error("the folder is still there")
	}
	if files, _ := os.ReadDir(folder); len(files) > 0 {
		t.Errorf("cleanup records are still there: %v", files)
	}
	if len(before) != 1 || before[0] != data {
		t.Errorf("before was called with %q", before)
	}
}

// The data folder may be deleted under the server; what is elsewhere goes all
// the same.
func TestEndWithoutTheRecordRemovesTheFolders(t *testing.T) {
	folder, data := t.TempDir(), filepath.Join(t.TempDir(), "data")
	l, err := cleanup.NewRecord(folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Folder(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := l.End(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Error("the folder is still there")
	}
}

// A number in an old cleanup record may by now be another program's.
func TestSweepSparesAProcessThatHasAnOldNumber(t *testing.T) {
	bystander := exec.Command("sleep", "1004")
	if err := bystander.Start(); err != nil {
		t.Skip(err)
	}
	defer bystander.Wait()
	defer bystander.Process.Kill()
	folder := t.TempDir()
	l, err := cleanup.NewRecord(folder)
	if err != nil {
		t.Fatal(err)
	}
	old := process.Identify(bystander.Process.Pid)
	old.Start += "0"
	if err := l.Started(old); err != nil {
		t.Fatal(err)
	}
	disown(t, folder, process.Identity{PID: 1, Start: "another boot:1"})
	if err := cleanup.Sweep(folder, func(string) {}); err != nil {
		t.Fatal(err)
	}
	if err := bystander.Process.Signal(syscall.Signal(0)); err != nil || state(strconv.Itoa(bystander.Process.Pid)) == "Z" {
		t.Error("a process that only has the number of an old one was ended")
	}
}

// disown makes the folder's cleanup record look like that of another program.
func disown(t *testing.T, folder string, owner process.Identity) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.record"))
	if err != nil || len(files) != 1 {
		t.Fatalf("records %q, %v", files, err)
	}
	file, err := os.OpenFile(files[0], os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := json.NewEncoder(file).Encode(map[string]process.Identity{"owner": owner}); err != nil {
		t.Fatal(err)
	}
}
