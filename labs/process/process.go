// Package process keeps hold of a program and of everything that it starts.
// What a program forks is found, frozen, measured and ended with it, however
// far it runs from it: into another group, another session, or to another
// parent. One that nobody trusts is kept away from this program and its files,
// where the system can do so; see Isolation. It ends when this program does, and what is left where this program
// was killed is found again. It knows nothing of why a program runs, how long
// it may, or what it prints: whoever starts one waits for it and judges it.
//
// On Linux it sees every descendant: by the cgroup that they start in where we
// may make one, as root may, or a user to whom some are delegated; else by what
// they inherit, which a program that means to can shed.
// On other Unix systems it sees the process group and the children, on Windows
// the children, and there it can neither freeze nor measure them.
package process

import (
	"os"
	"os/exec"
	"sync"
	"time"
)

// killTimeout bounds the effort to end a tree that forks faster than we look.
const killTimeout = 10 * time.Second

// Tree is a program and all that descends from it. Fields are set before the
// first call; methods may be called from many goroutines.
//
// A Tree that nothing was started in is made up of what its fields name, and
// so finds what a program that is gone had started.
type Tree struct {
	Roots  []Identity // whose descendants belong to it; Start adds one
	EnvTag string     // NAME=VALUE: what inherited a variable that begins so belongs to it; may be empty
	Homes  []string   // folders: what works in one of them, or below, belongs to it
	Data   uint64     // bytes of data that each process may hold, where the system can bound it; 0 is no bound
	Forks  int        // processes that the tree should have at most; the system refuses many more; 0 is no bound

	Isolation *Isolation // what it is kept away from; nothing where nil

	mu      sync.Mutex
	known   membership
	cgroup  *cgroup
	disks   []*os.File // of its isolated programs
	written uint64
}

// MostWritten is how many bytes a program that nobody trusts should write, and how
// many the disk holds that an isolated one has for its temporary folders and its
// home. What is not on a disk of its own is not bounded: whoever starts it asks
// Written, and ends it.
const MostWritten = 256 << 20

// fileBytes is how much a file counts at least, however little is in it.
const fileBytes = 4 << 10

// Start starts the command as a root of the tree, in a process group of its
// own. Where the system can do so, it ends with this program. The error is that
// of cmd.Start; nothing runs then.
func (t *Tree) Start(cmd *exec.Cmd) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.EnvTag != "" {
		cmd.Env = append(cmd.Environ(), t.EnvTag)
	}
	OwnGroup(cmd)
	dieWithUs(cmd)
	if t.cgroup == nil {
		t.cgroup = newCgroup(t.Forks)
	}
	confirm, err := t.Isolation.wrap(cmd, t.Data)
	if err == nil {
		start := func() error { return withForks(t.Forks, cmd.Start) }
		var disk *os.File
		if disk, err = confirm(spawn(func() error { return t.cgroup.start(cmd.SysProcAttr, start) })); disk != nil {
			t.disks = append(t.disks, disk)
		}
	}
	if err != nil {
		t.cgroup.remove()
		t.cgroup = nil
		return err
	}
	root := rooted(cmd.Process.Pid)
	t.Roots = append(t.Roots, root)
	t.known.began(root)
	if t.Data > 0 {
		bound(root.PID, t.Data)
	}
	return nil
}
