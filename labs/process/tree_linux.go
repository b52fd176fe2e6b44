package process

import (
	"os"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// dieWithUs has the system end the program with the thread that starts it; see
// spawn.
func dieWithUs(cmd *exec.Cmd) { cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL }

// bound limits what the process, and what it forks from now on, may each
// allocate. RLIMIT_DATA leaves out what a Go program has only reserved.
func bound(pid int, data uint64) {
	_ = unix.Prlimit(pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: data, Max: data}, nil)
	_ = unix.Prlimit(pid, unix.RLIMIT_CORE, &unix.Rlimit{}, nil)
}

// BoundFiles limits how large a file may be that the process, or what it starts from
// now on, writes. What goes further fails, or is ended by the system. Where this
// system cannot limit another process, nothing is.
func BoundFiles(pid int, bytes uint64) {
	_ = unix.Prlimit(pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: bytes, Max: bytes}, nil)
}

// withForks has what the call starts inherit a limit to the tasks of its user:
// what that user has now, and so many processes more. There is none where that
// is 0, nor for root, whom the system does not limit so. Our own limit is that
// one meanwhile, because a limit that is set from outside comes too late for
// what forks at once.
func withForks(processes int, call func() error) error {
	var ours unix.Rlimit
	if processes == 0 || os.Geteuid() == 0 || unix.Getrlimit(unix.RLIMIT_NPROC, &ours) != nil {
		return call()
	}
	theirs := ours
	theirs.Cur = min(ours.Cur, uint64(tasksOf(os.Geteuid())+processes*tasksEach))
	if unix.Setrlimit(unix.RLIMIT_NPROC, &theirs) == nil {
		defer unix.Setrlimit(unix.RLIMIT_NPROC, &ours)
	}
	return call()
}

// freezeTimeout bounds the wait for what was told to stop: what may not be
// signalled never does.
const freezeTimeout = time.Second

// Freezes is whether this system can stop a process for a while.
const Freezes = true

// Freeze stops all that belongs to the tree, and returns when nothing of it
// runs, or after 11 s where something goes on.
func (t *Tree) Freeze() {
	members := t.freeze(time.Now().Add(killTimeout))
	for end := time.Now().Add(freezeTimeout); !halted(members) && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
}

func (t *Tree) freeze(end time.Time) []entry {
	stopped := map[key]bool{}
	for {
		members, fresh := t.members(), false
		for _, e := range members {
			if !stopped[e.key] {
				syscall.Kill(e.pid, syscall.SIGSTOP)
				stopped[e.key], fresh = true, true
			}
		}
		if !fresh || time.Now().After(end) {
			return members
		}
	}
}

// Resume lets a frozen tree go on.
func (t *Tree) Resume() {
	for _, e := range t.members() {
		syscall.Kill(e.pid, syscall.SIGCONT)
	}
}

// Kill ends the whole tree, and returns when nothing of it runs, or after 10 s
// where that cannot be had. It freezes before it kills: what is frozen forks no more, stays the parent of its
// children until they are found, and does not answer its child's end. What
// belongs to a user that we must not signal stays.
func (t *Tree) Kill() {
	end := time.Now().Add(killTimeout)
	members := t.freeze(end)
	for len(members) > 0 && time.Now().Before(end) {
		reached := false
		for _, e := range members {
			reached = syscall.Kill(e.pid, syscall.SIGKILL) != syscall.EPERM || reached
		}
		if !reached {
			break
		}
		time.Sleep(time.Millisecond)
		members = t.members()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cgroup.remove()
	t.closeDisks()
}

// Usage returns how many processes the tree has, and how many bytes of memory
// they hold together.
func (t *Tree) Usage() (count int, memory uint64) {
	for _, e := range t.members() {
		count++
		memory += e.memory
	}
	return count, memory
}

// Refused reports whether the system has refused the tree a process because it
// has far more than it should.
func (t *Tree) Refused() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cgroup.full()
}

// membership is what earlier looks have found out.
type membership struct {
	since uint64       // what is older than the first root does not descend from it
	seen  map[key]bool // the living: one that has hidden since is still known
}

func (m *membership) began(root Identity) {
	if m.since == 0 {
		m.since = root.ticks()
	}
}

// members lists what is alive of the tree.
func (t *Tree) members() []entry {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := table()
	in := t.certain(all)
	for grown := true; grown; {
		grown = false
		for pid, e := range all {
			if !in[pid] && in[e.parent] {
				in[pid], grown = true, true
			}
		}
	}
	var alive []entry
	t.known.seen = map[key]bool{}
	for pid := range in {
		e := all[pid]
		t.known.seen[e.key] = true
		if !e.zombie {
			alive = append(alive, e)
		}
	}
	return alive
}

// certain picks from the table what belongs to the tree whoever its parent is:
// by the cgroup, by group and session, and by what it inherited, its environment
// or the folder it works in, which is all that is left of a process that has
// made itself a daemon. It takes from the table what cannot belong to it.
func (t *Tree) certain(all map[int]entry) map[int]bool {
	delete(all, os.Getpid())
	roots := t.sessions(all)
	in := map[int]bool{}
	for _, pid := range t.cgroup.pids() {
		if _, ok := all[pid]; ok {
			in[pid] = true
		}
	}
	for pid, e := range all {
		switch {
		case e.start < t.known.since:
			delete(all, pid)
		case t.known.seen[e.key], roots.contains(e), hasTag(pid, t.EnvTag), within(pid, t.Homes):
			in[pid] = true
		}
	}
	return in
}

// sessions are the roots of a tree, which lead groups and sessions: by PID, with
// the clock ticks they started at.
type sessions map[int]uint64

// sessions leaves out a root whose PID is another process's by now.
func (t *Tree) sessions(all map[int]entry) sessions {
	found := sessions{}
	for _, root := range t.Roots {
		if e, ok := all[root.PID]; root.PID > 0 && (!ok || e.identity() == root) {
			found[root.PID] = root.ticks()
		}
	}
	return found
}

// contains reports whether the process is one of them, or of one's group or
// session.
func (s sessions) contains(e entry) bool {
	for _, leader := range []int{e.pid, e.group, e.session} {
		if start, ok := s[leader]; ok && e.start >= start {
			return true
		}
	}
	return false
}
