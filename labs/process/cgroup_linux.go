package process

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// cgroup is a control group that one tree lives in. What is started there
// stays, whatever it does to its environment, session or parent, and the system
// refuses it more tasks than it may have. Root can make one, and a user to whom
// a part of the hierarchy is delegated; see cgroups(7). A nil cgroup holds
// nothing.
//
// It is written here and not taken from a library: those that manage cgroups
// add a process that runs already, and what that one has forked by then stays
// outside.
type cgroup struct {
	dir     string
	parent  string // the cgroup that we are in ourselves
	unified bool   // version 2, where a process can be started in a cgroup
}

// tasksEach is how many tasks a process is counted as: the system counts
// threads, of which a Go program has a handful. It is on the large side, so
// that a tree is seen to have too many before it is refused a thread.
const tasksEach = 8

// newCgroup makes a cgroup for so many processes, without a bound where that is
// 0, or returns nil where it cannot. The bound is missing in version 2 below a
// cgroup that has processes and pids is not among its controllers.
func newCgroup(processes int) *cgroup {
	for _, c := range parentCgroups() {
		c.dir = filepath.Join(c.parent, fmt.Sprintf("%s%d", cgroupPrefix(self()), tags.Add(1)))
		if os.Mkdir(c.dir, 0o755) != nil {
			continue
		}
		if c.unified && !c.canStart() {
			os.Remove(c.dir)
			continue
		}
		if processes > 0 {
			_ = os.WriteFile(filepath.Join(c.dir, "pids.max"), []byte(strconv.Itoa(processes*tasksEach)), 0)
		}
		return c
	}
	return nil
}

// cgroupMount is where the system shows its control groups.
var cgroupMount = "/sys/fs/cgroup"

// parentCgroups lists where cgroups may be made: below those that this program
// is in. It asks for the thread that it runs on: what "self" names is the
// program's first thread, and where the spawner has that one, it may be in a
// tree's cgroup just then.
func parentCgroups() (all []*cgroup) {
	text, _ := os.ReadFile("/proc/thread-self/cgroup")
	for line := range strings.Lines(string(text)) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, path, _ := strings.Cut(rest, ":")
		if controllers != "pids" && controllers != "" {
			continue
		}
		parent := filepath.Join(cgroupMount, controllers, path)
		if _, err := os.Stat(filepath.Join(parent, "cgroup.procs")); err == nil {
			all = append(all, &cgroup{parent: parent, unified: controllers == ""})
		}
	}
	return all
}

// cgroupPrefix is how the names of all cgroups of a program begin. A PID means
// something only within its namespace.
func cgroupPrefix(owner Identity) string {
	return fmt.Sprintf("%s%d-%d-", namespacePrefix(), owner.PID, owner.ticks())
}

// namespacePrefix is how the names of all cgroups of our PID namespace begin.
func namespacePrefix() string { return "cnalab-" + strings.Split(namespace(), ":")[1] + "-" }

// startable remembers of each parent whether a process can be started below it.
var startable sync.Map

// canStart tries once whether a process can be started in the cgroup: kernels
// before 5.7 and some containers cannot do so.
func (c *cgroup) canStart() bool {
	if can, tried := startable.Load(c.parent); tried {
		return can.(bool)
	}
	cmd := exec.Command("true")
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	can := c.start(cmd.SysProcAttr, cmd.Run) == nil
	startable.Store(c.parent, can)
	return can
}

// start has call's process start in the cgroup.
func (c *cgroup) start(attributes *syscall.SysProcAttr, call func() error) error {
	switch {
	case c == nil:
		return call()
	case c.unified:
		dir, err := os.Open(c.dir)
		if err != nil {
			return err
		}
		defer dir.Close()
		attributes.UseCgroupFD, attributes.CgroupFD = true, int(dir.Fd())
		return call()
	}
	return c.startInside(call)
}

// startInside makes the call on a thread that is in the cgroup meanwhile: in
// version 1 a child starts where the thread is that starts it. The thread is
// the spawner's, which has no other work and is never another's.
func (c *cgroup) startInside(call func() error) error {
	thread := []byte(strconv.Itoa(unix.Gettid()))
	if err := os.WriteFile(filepath.Join(c.dir, "tasks"), thread, 0); err != nil {
		return call() // as where there is no cgroup
	}
	defer os.WriteFile(filepath.Join(c.parent, "tasks"), thread, 0)
	return call()
}

// pids lists the processes in the cgroup, and in those below it.
func (c *cgroup) pids() (pids []int) {
	if c == nil {
		return nil
	}
	filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		text, _ := os.ReadFile(filepath.Join(path, "cgroup.procs"))
		for _, word := range strings.Fields(string(text)) {
			pid, _ := strconv.Atoi(word)
			pids = append(pids, pid)
		}
		return nil
	})
	return pids
}

// full reports whether the system has refused the cgroup a task.
func (c *cgroup) full() bool {
	if c == nil {
		return false
	}
	text, _ := os.ReadFile(filepath.Join(c.dir, "pids.events"))
	_, refused, found := strings.Cut(string(text), "max ")
	return found && !strings.HasPrefix(refused, "0\n")
}

// remove removes the cgroup, once nothing is in it, and those below it.
func (c *cgroup) remove() {
	if c == nil {
		return
	}
	below, _ := filepath.Glob(filepath.Join(c.dir, "cnalab-*"))
	for _, dir := range below {
		(&cgroup{dir: dir}).remove()
	}
	os.Remove(c.dir)
}

// sweepCgroups ends what is in the cgroups of programs that are dead.
func sweepCgroups() {
	for _, ours := range parentCgroups() {
		dirs, _ := filepath.Glob(filepath.Join(ours.parent, namespacePrefix()+"*"))
		for _, dir := range dirs {
			if owner, ok := cgroupOwner(filepath.Base(dir)); ok && owner.Gone() {
				(&Tree{cgroup: &cgroup{dir: dir}}).Kill()
			}
		}
	}
}

// cgroupOwner returns who made the cgroup of that name.
func cgroupOwner(name string) (Identity, bool) {
	words := strings.Split(name, "-") // cnalab, namespace, PID, start, number
	if len(words) != 5 {
		return Identity{}, false
	}
	pid, err := strconv.Atoi(words[2])
	return Identity{PID: pid, Start: namespace() + words[3]}, err == nil
}
