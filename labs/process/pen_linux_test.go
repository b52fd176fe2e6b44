package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// needPen skips the test where no control group can be made.
func needPen(t *testing.T) {
	t.Helper()
	p := newCgroup(1)
	if p == nil {
		t.Skip("no control group can be made here: run this test as root, where pids is among the controllers")
	}
	p.remove()
}

// stray sheds its environment, its session, its parent and its folder.
const stray = `setsid -f env -i OUT="$OUT" sh -c 'cd /; echo $$ >>"$OUT"; unset OUT; exec env -i sleep 1110'; `

func TestAPenHoldsWhatShedsEverything(t *testing.T) {
	t.Run("as it is here", holdsStray)
	t.Run("version 2", func(t *testing.T) {
		dir, before := t.TempDir(), groups
		if err := unix.Mount("none", dir, "cgroup2", 0, ""); err != nil {
			t.Skip("control groups of version 2 cannot be mounted here:", err)
		}
		defer unix.Unmount(dir, 0)
		groups = dir
		defer func() { groups = before }()
		holdsStray(t)
	})
}

func holdsStray(t *testing.T) {
	needPen(t)
	tree := &Tree{EnvTag: EnvTag("PROCESS_TEST")}
	pids, cmd := begin(t, tree, 1, stray)
	cmd.Wait() // the last thing that the stray could be known by
	tree.Kill()
	if !ended(t, pids[0]) {
		t.Error("it is still there")
	}
	if _, err := os.Stat(tree.cgroup.dir); !os.IsNotExist(err) {
		t.Errorf("the pen is still there: %v", err)
	}
}

// A pen that is made while the spawner is in another lies beside it and not in
// it: what is in the one does not end with the other.
func TestAPenLiesInNoOther(t *testing.T) {
	needPen(t)
	home := cgroupRoots()[0]
	if home.unified {
		t.Skip("where control groups are of version 2, no thread is ever in a pen of its own")
	}
	apart(func() {
		other := newCgroup(1)
		defer other.remove()
		first := []byte(strconv.Itoa(os.Getpid())) // the number of a program's first thread is the program's
		if err := os.WriteFile(filepath.Join(other.dir, "tasks"), first, 0); err != nil {
			t.Error(err)
			return
		}
		defer os.WriteFile(filepath.Join(other.home, "tasks"), first, 0)
		if now := cgroupRoots()[0]; now.home != home.home {
			t.Errorf("pens are made in %s, want %s", now.home, home.home)
		}
	})
}

// apart calls f on a thread that is not the program's first.
func apart(f func()) {
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if unix.Gettid() == os.Getpid() {
			apart(f)
		} else {
			f()
		}
		close(done)
	}()
	<-done
}

// What doubles without end is bounded before anybody looks.
func TestWhatDoublesIsRefused(t *testing.T) {
	if os.Geteuid() == 0 {
		needPen(t) // others have a limit of their own
	}
	tree := &Tree{EnvTag: EnvTag("PROCESS_TEST"), Forks: 5} // a shell that is refused ends, one that was not sleeps
	_, cmd := begin(t, tree, 0, `double() { if test $1 != 9; then double $(($1+1)) & double $(($1+1)) & fi; exec sleep 5; }; double 0`)
	soon(t, "it has doubled", func() bool { count, _ := tree.Usage(); return count > tree.Forks })
	most := 0
	for range 10 {
		time.Sleep(50 * time.Millisecond)
		count, _ := tree.Usage()
		most = max(most, count)
	}
	if most > tree.Forks*tasksEach {
		t.Errorf("%d processes, of 1023 that there would be", most)
	}
	if tree.cgroup != nil && !tree.Refused() {
		t.Error("none was refused")
	}
	tree.Kill()
	cmd.Wait()
	if count, _ := tree.Usage(); count > 0 {
		t.Errorf("%d are left", count)
	}
}

// What a program that was killed had penned is found without its help.
func TestSweepEmptiesThePensOfTheDead(t *testing.T) {
	needPen(t)
	tree := &Tree{EnvTag: EnvTag("PROCESS_TEST")}
	pids, cmd := begin(t, tree, 1, stray)
	cmd.Wait()
	Sweep("PROCESS_TEST")
	if ended(t, pids[0]) {
		t.Fatal("it was ended while its owner runs")
	}
	dead := exec.Command("true")
	if err := dead.Start(); err != nil {
		t.Skip(err)
	}
	owner := rooted(dead.Process.Pid)
	dead.Wait()
	theirs := &cgroup{dir: tree.cgroup.home + "/" + cgroupPrefix(owner) + "1", home: tree.cgroup.home}
	if err := os.Mkdir(theirs.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	pen := &Tree{EnvTag: EnvTag("PROCESS_TEST"), cgroup: theirs}
	more, cmd := begin(t, pen, 1, stray)
	cmd.Wait()
	Sweep("PROCESS_TEST")
	if !ended(t, more[0]) || ended(t, pids[0]) {
		t.Errorf("the dead's ended %v, ours %v", ended(t, more[0]), ended(t, pids[0]))
	}
}
