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

// pen is a control group that one tree lives in. What is born there stays,
// whatever it does to its environment, session or parent, and the system
// refuses it more tasks than it may have. Root can make one, and a user whose
// part of the groups is delegated; see cgroups(7). A nil pen holds nothing.
type cgroup struct {
	dir     string
	home    string // the group that we are in ourselves
	unified bool   // version 2, where a process is born into a group
}

// tasksEach is how many tasks a process is counted as: the system counts
// threads, of which a Go program has a handful. It is on the large side, so
// that a tree is seen to have too many before it is refused a thread.
const tasksEach = 8

// newPen makes a pen for so many processes, without a bound where that is 0,
// or returns nil where it cannot. The bound is missing in version 2 below a
// group that has processes and pids is not among its controllers.
func newCgroup(processes int) *cgroup {
	for _, p := range cgroupRoots() {
		p.dir = filepath.Join(p.home, fmt.Sprintf("%s%d", cgroupPrefix(self()), tags.Add(1)))
		if os.Mkdir(p.dir, 0o755) != nil {
			continue
		}
		if p.unified && !p.opens() {
			os.Remove(p.dir)
			continue
		}
		if processes > 0 {
			_ = os.WriteFile(filepath.Join(p.dir, "pids.max"), []byte(strconv.Itoa(processes*tasksEach)), 0)
		}
		return p
	}
	return nil
}

// groups is where the system shows its control groups.
var groups = "/sys/fs/cgroup"

// homes lists where pens may be made: the groups that this program is in. It
// asks for the thread that it runs on: what "self" names is the program's first
// thread, and where the spawner has that one, it may be in a pen just then.
func cgroupRoots() (all []*cgroup) {
	text, _ := os.ReadFile("/proc/thread-self/cgroup")
	for line := range strings.Lines(string(text)) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, path, _ := strings.Cut(rest, ":")
		if controllers != "pids" && controllers != "" {
			continue
		}
		home := filepath.Join(groups, controllers, path)
		if _, err := os.Stat(filepath.Join(home, "cgroup.procs")); err == nil {
			all = append(all, &cgroup{home: home, unified: controllers == ""})
		}
	}
	return all
}

// penPrefix is how the names of all pens of a program begin. Numbers of
// processes mean something only within their space.
func cgroupPrefix(owner Identity) string {
	return fmt.Sprintf("%s%d-%d-", spacePrefix(), owner.PID, owner.ticks())
}

// spacePrefix is how the names of all pens of our space begin.
func spacePrefix() string { return "cnalab-" + strings.Split(namespace(), ":")[1] + "-" }

// opened remembers of each home whether a process can be born below it.
var opened sync.Map

// opens tries once whether a process can be born in the pen: kernels before
// 5.7 and some containers cannot do so.
func (p *cgroup) opens() bool {
	if opens, tried := opened.Load(p.home); tried {
		return opens.(bool)
	}
	cmd := exec.Command("true")
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	opens := p.start(cmd.SysProcAttr, cmd.Run) == nil
	opened.Store(p.home, opens)
	return opens
}

// born has start's process begin its life in the pen.
func (p *cgroup) start(attributes *syscall.SysProcAttr, start func() error) error {
	switch {
	case p == nil:
		return start()
	case p.unified:
		dir, err := os.Open(p.dir)
		if err != nil {
			return err
		}
		defer dir.Close()
		attributes.UseCgroupFD, attributes.CgroupFD = true, int(dir.Fd())
		return start()
	}
	return p.startInside(start)
}

// visit calls start on a thread that is in the pen meanwhile: in version 1 a
// child is born where the thread is that starts it. The thread is the
// spawner's, which has no other work and is never another's.
func (p *cgroup) startInside(start func() error) error {
	thread := []byte(strconv.Itoa(unix.Gettid()))
	if err := os.WriteFile(filepath.Join(p.dir, "tasks"), thread, 0); err != nil {
		return start() // as where there is no pen
	}
	defer os.WriteFile(filepath.Join(p.home, "tasks"), thread, 0)
	return start()
}

// inmates lists the processes in the pen, and in those within it.
func (p *cgroup) pids() (pids []int) {
	if p == nil {
		return nil
	}
	filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
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

// full reports whether the system has refused the pen a task.
func (p *cgroup) full() bool {
	if p == nil {
		return false
	}
	text, _ := os.ReadFile(filepath.Join(p.dir, "pids.events"))
	_, refused, found := strings.Cut(string(text), "max ")
	return found && !strings.HasPrefix(refused, "0\n")
}

// remove takes the pen away, once nothing is in it.
func (p *cgroup) remove() {
	if p == nil {
		return
	}
	within, _ := filepath.Glob(filepath.Join(p.dir, "cnalab-*"))
	for _, dir := range within {
		(&cgroup{dir: dir}).remove()
	}
	os.Remove(p.dir)
}

// sweepPens ends what is in the pens of programs that are dead.
func sweepCgroups() {
	for _, home := range cgroupRoots() {
		dirs, _ := filepath.Glob(filepath.Join(home.home, spacePrefix()+"*"))
		for _, dir := range dirs {
			if owner, ok := cgroupOwner(filepath.Base(dir)); ok && owner.Gone() {
				(&Tree{cgroup: &cgroup{dir: dir}}).Kill()
			}
		}
	}
}

// penned returns who made the pen of that name.
func cgroupOwner(name string) (Identity, bool) {
	words := strings.Split(name, "-") // cnalab, space, process, start, number
	if len(words) != 5 {
		return Identity{}, false
	}
	pid, err := strconv.Atoi(words[2])
	return Identity{PID: pid, Start: namespace() + words[3]}, err == nil
}
