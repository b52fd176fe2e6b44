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

// needCgroup skips the test where no control group can be made.
func needCgroup(t *testing.T) {
	t.Helper()
	c := newCgroup(1)
	if c == nil {
		t.Skip("no control group can be made here: run this test as root, where pids is among the controllers")
	}
	c.remove()
}

// stray sheds its environment, its session, its parent and its folder.
const stray = `setsid -f env -i OUT="$OUT" sh -c 'cd /; echo $$ >>"$OUT"; unset OUT; exec env -i sleep 1110'; `

func TestACgroupHoldsWhatShedsEverything(t *testing.T) {
	t.Run("as it is here", holdsStray)
	t.Run("version 2", func(t *testing.T) {
		dir, before := t.TempDir(), cgroupMount
		if err := unix.Mount("none", dir, "cgroup2", 0, ""); err != nil {
			t.Skip("control groups of version 2 cannot be mounted here:", err)
		}
		defer unix.Unmount(dir, 0)
		cgroupMount = dir
		defer func() { cgroupMount = before }()
		holdsStray(t)
	})
}

func holdsStray(t *testing.T) {
	needCgroup(t)
	tree := &Tree{EnvTag: EnvTag("PROCESS_TEST")}
	pids, cmd := begin(t, tree, 1, stray)
	cmd.Wait() // the last thing that the stray could be known by
	tree.Kill()
	if !ended(t, pids[0]) {
		t.Error("it is still there")
	}
	if _, err := os.Stat(tree.cgroup.dir); !os.IsNotExist(err) {
		t.Errorf("the cgroup is still there: %v", err)
	}
}

// A cgroup that is made while the spawner is in another lies beside it and not
// in it: what is in the one does not end with the other.
func TestACgroupLiesInNoOther(t *testing.T) {
	needCgroup(t)
	parent := parentCgroups()[0]
	if parent.unified {
		t.Skip("where control groups are of version 2, no thread is ever in a cgroup of its own")
	}
	apart(func() {
		other := newCgroup(1)
		defer other.remove()
		first := []byte(strconv.Itoa(os.Getpid())) // the ID of a program's first thread is the program's
		if err := os.WriteFile(filepath.Join(other.dir, "tasks"), first, 0); err != nil {
			t.Error(err)
			return
		}
		defer os.WriteFile(filepath.Join(other.parent, "tasks"), first, 0)
		if now := parentCgroups()[0]; now.parent != parent.parent {
			t.Errorf("cgroups are made in %s, want %s", now.parent, parent.parent)
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
		needCgroup(t) // others have a limit of their own
	}
	tree := &Tree{EnvTag: EnvTag("PROCESS_TEST"), Forks: 5} // a shell that is refused ends, one that was not sleeps
	_, cmd := begin(t, tree, 0, `double() { if test $1 != 9; then double $(($1+1)) & double $(($1+1)) & fi; exec sleep 5; }; double 0`)
	quickly(t, "it has doubled", func() bool { count, _ := tree.Usage(); return count > tree.Forks })
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

// What a program that was killed had in a cgroup is found without its help.
func TestSweepEmptiesTheCgroupsOfTheDead(t *testing.T) {
	needCgroup(t)
	tree := &Tree{EnvTag: EnvTag("PROCESS_TEST")}
	pids, cmd := begin(t, tree, 1, stray)
	cmd.Wait()
	Sweep("PROCESS_TEST", 0)
	if ended(t, pids[0]) {
		t.Fatal("it was ended while its owner runs")
	}
	dead := exec.Command("true")
	if err := dead.Start(); err != nil {
		t.Skip(err)
	}
	owner := rooted(dead.Process.Pid)
	dead.Wait()
	theirs := &cgroup{dir: tree.cgroup.parent + "/" + cgroupPrefix(owner) + "1", parent: tree.cgroup.parent}
	if err := os.Mkdir(theirs.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	left := &Tree{EnvTag: EnvTag("PROCESS_TEST"), cgroup: theirs}
	more, cmd := begin(t, left, 1, stray)
	cmd.Wait()
	Sweep("PROCESS_TEST", 0)
	if !ended(t, more[0]) || ended(t, pids[0]) {
		t.Errorf("the dead's ended %v, ours %v", ended(t, more[0]), ended(t, pids[0]))
	}
}
