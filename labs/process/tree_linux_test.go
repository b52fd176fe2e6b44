package process

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// begin starts a script in the tree, and waits until it has printed as many
// process numbers.
func begin(t *testing.T, tree *Tree, count int, script string) (pids []int, cmd *exec.Cmd) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "pids")
	cmd = exec.Command("sh", "-c", script)
	cmd.Env = append(os.Environ(), "OUT="+out)
	if err := tree.Start(cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Kill(); cmd.Wait() })
	quickly(t, "the script has started all", func() bool {
		text, _ := os.ReadFile(out)
		return strings.Count(string(text), "\n") == count
	})
	text, _ := os.ReadFile(out)
	for _, word := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids, cmd
}

func quickly(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if so() {
			return
		}
	}
	t.Fatalf("not so: %s", what)
}

// state is the letter that the system has for what the process does.
func state(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile(file(pid, "stat"))
	if err != nil {
		return "gone"
	}
	return strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))[0]
}

func ended(t *testing.T, pid int) bool { return strings.Contains("gone Z X", state(t, pid)) }

// families is a script for each way in which a process runs from its parent.
var families = map[string]string{
	"a child":                      `sleep 1100 & echo $! >>$OUT; wait`,
	"an orphan":                    `(sleep 1101 & echo $! >>$OUT); sleep 1100`,
	"a session":                    `setsid sh -c 'echo $$ >>$OUT; exec sleep 1102'; wait`,
	"an orphan of another session": `(setsid sh -c 'sleep 1103 & echo $! >>$OUT'); sleep 1100`,
	"a child that knows nothing":   `env -i setsid sleep 1104 & echo $! >>$OUT; wait`,
	"one that works at home":       `(cd "$HOMES" && env -i setsid sh -c 'sleep 1105 & echo $! >>'"$OUT"); sleep 1100`,
}

func TestATreeHoldsAllThatWasStarted(t *testing.T) {
	for name, script := range families {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			t.Setenv("HOMES", home)
			tree := &Tree{EnvTag: EnvTag("PROCESS_TEST"), Homes: []string{home}}
			pids, cmd := begin(t, tree, 1, script)
			pids = append(pids, cmd.Process.Pid)
			tree.Freeze()
			for _, pid := range pids {
				// D: it waits for a frozen child that has not become its program yet
				quickly(t, "it is frozen", func() bool { return strings.Contains("T D", state(t, pid)) })
			}
			if count, memory := tree.Usage(); count < 2 || memory < 100<<10 {
				t.Errorf("%d processes with %d bytes, want two or more", count, memory)
			}
			tree.Resume()
			for _, pid := range pids {
				quickly(t, "it goes on", func() bool { return state(t, pid) != "T" })
			}
			tree.Freeze() // what is frozen is killed all the same
			tree.Kill()
			for _, pid := range pids {
				if !ended(t, pid) {
					t.Errorf("killed: %d is %s", pid, state(t, pid))
				}
			}
		})
	}
}

// A process that sheds its environment, its session and its parent is still
// known where it was seen before.
func TestWhatWasSeenOnceIsKnown(t *testing.T) {
	tree := &Tree{EnvTag: EnvTag("PROCESS_TEST")}
	script := `sh -c 'exec env -i setsid sh -c "sleep 1106; :"' & echo $! >>$OUT; read line <&3; exit 0`
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := exec.Command("mkfifo", fifo).Run(); err != nil {
		t.Skip(err)
	}
	pids, cmd := begin(t, tree, 1, "exec 3<>"+fifo+"; "+script)
	quickly(t, "it has shed its environment", func() bool { return !hasTag(pids[0], tree.EnvTag) && state(t, pids[0]) == "S" })
	if count, _ := tree.Usage(); count < 2 {
		t.Fatalf("%d processes are seen", count)
	}
	if err := os.WriteFile(fifo, []byte("go\n"), 0); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if ended(t, pids[0]) {
		t.Fatal("it ended with its parent, so there is nothing to show")
	}
	tree.Kill()
	if !ended(t, pids[0]) {
		t.Error("it is still there")
	}
}

func TestATreeLeavesOthersAlone(t *testing.T) {
	one, other := &Tree{EnvTag: EnvTag("PROCESS_TEST")}, &Tree{EnvTag: EnvTag("PROCESS_TEST")}
	begin(t, one, 1, families["an orphan of another session"])
	pids, cmd := begin(t, other, 1, families["an orphan of another session"])
	one.Kill()
	empty := &Tree{Homes: []string{""}}
	empty.Kill()
	(&Tree{Roots: []Identity{{}, {PID: cmd.Process.Pid, Start: Identify(cmd.Process.Pid).Start + "0"}}}).Kill()
	for _, pid := range append(pids, cmd.Process.Pid) {
		if ended(t, pid) {
			t.Errorf("%d was ended with a tree that is not its own", pid)
		}
	}
}

// Trees lie in one another: the inner one ends alone, the outer one with it.
func TestATreeInATree(t *testing.T) {
	inner := &Tree{EnvTag: EnvTag("PROCESS_TEST_INNER")}
	outer := &Tree{EnvTag: EnvTag("PROCESS_TEST")}
	name, value, _ := strings.Cut(outer.EnvTag, "=")
	t.Setenv(name, value) // as if we were in it
	pids, _ := begin(t, inner, 1, families["an orphan of another session"])
	if count, _ := outer.Usage(); count < 2 {
		t.Errorf("the outer tree has %d processes", count)
	}
	inner.Kill()
	if !ended(t, pids[0]) {
		t.Error("the inner tree's orphan is still there")
	}
}

func TestSweepEndsWhatTheDeadLeft(t *testing.T) {
	dead := exec.Command("true")
	if err := dead.Start(); err != nil {
		t.Skip(err)
	}
	owner := rooted(dead.Process.Pid)
	dead.Wait()
	const name = "PROCESS_TEST_SWEPT"
	abroad := Identity{PID: owner.PID, Start: "another boot:1:1"}
	var pids []int
	for _, tag := range []string{envTagOf(name, owner) + "1/", EnvTag(name), envTagOf(name, abroad) + "1/", name + "=nobody"} {
		more, _ := begin(t, &Tree{EnvTag: tag}, 1, families["an orphan of another session"])
		pids = append(pids, more...)
	}
	Sweep(name, 0)
	var got []bool
	for _, pid := range pids {
		got = append(got, ended(t, pid))
	}
	if want := []bool{true, false, false, false}; !slices.Equal(got, want) {
		t.Errorf("of the dead, ours, another machine's and nobody's: ended %v, want %v", got, want)
	}
}

// Where the thread that starts a program ended, the system would end the
// program with it.
func TestAProgramOutlivesWhoStartedIt(t *testing.T) {
	tree := &Tree{}
	for range 20 {
		pids, _ := begin(t, tree, 1, "echo $$ >>$OUT; exec sleep 1107")
		if ended(t, pids[0]) {
			t.Fatal("it ended")
		}
	}
}

func TestDataIsBounded(t *testing.T) {
	tree := &Tree{Data: 20 << 20}
	_, cmd := begin(t, tree, 0, "sleep 0.1; head -c 100m /dev/zero | tail >/dev/null")
	if cmd.Wait() == nil {
		t.Error("100 MiB fit in 20 MiB")
	}
}

func TestIdentity(t *testing.T) {
	cmd := exec.Command("sleep", "1108")
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	id := Identify(cmd.Process.Pid)
	if !id.Alive() || id.Gone() {
		t.Errorf("%+v is not alive", id)
	}
	other := Identity{PID: id.PID, Start: id.Start + "0"}
	if other.Alive() || !other.Gone() {
		t.Errorf("%+v, which had the PID before, is alive", other)
	}
	cmd.Process.Kill()
	quickly(t, "it is a zombie", func() bool { return state(t, id.PID) == "Z" })
	if id.Alive() {
		t.Errorf("%+v is alive, though all that is left is its PID", id)
	}
	cmd.Wait()
	if id.Alive() || !id.Gone() || (Identity{}).Alive() {
		t.Errorf("%+v is alive after its end", id)
	}
}
