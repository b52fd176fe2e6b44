package grade

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
)

// envMark is in the environment of a check and of all it starts. It names the
// process that asked for it, so that what outlives both can be found. Package
// check hands no CNALAB_ variable on to programs, so it does not begin so.
const envMark = "GRADE_RUN"

var runs atomic.Int64

// tree is a process and all it started, however far they ran from it: into
// other groups, other sessions, or to another parent.
type tree struct {
	mark string

	mu   sync.Mutex
	root process
	seen map[process]bool
}

// process is one process for good: numbers are used again, start times not.
type process struct {
	pid   int
	start uint64
}

// plant prepares cmd to be the root of a tree that ends with us.
func plant(cmd *exec.Cmd) *tree {
	t := &tree{mark: fmt.Sprintf("%s=%s.%d", envMark, owner(), runs.Add(1)), seen: map[process]bool{}}
	cmd.Env = append(cmd.Env, t.mark)
	ownGroup(cmd)
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	return t
}

// started notes the root; to be called right after cmd.Start.
func (t *tree) started(cmd *exec.Cmd) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s, ok := readStat(cmd.Process.Pid); ok {
		t.root = s.process
		t.seen[s.process] = true
	}
}

// memory returns the bytes that the tree holds in memory.
func (t *tree) memory() int64 {
	var pages int64
	for _, s := range t.members(false) {
		pages += s.pages
	}
	return pages * int64(os.Getpagesize())
}

// kill ends the whole tree. All are stopped before any is ended, so that no
// parent answers its child's end; and it looks again until nothing is left,
// because what it stops may have been forking.
func (t *tree) kill() {
	for range 20 {
		members := t.members(true)
		if len(members) == 0 {
			return
		}
		for _, signal := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGKILL} {
			for _, s := range members {
				syscall.Kill(s.pid, signal)
			}
		}
	}
}

// members lists the tree's living processes: whoever descends from one we
// know, shares the root's group or, where marked is asked, bears its mark.
func (t *tree) members(marked bool) []stat {
	t.mu.Lock()
	defer t.mu.Unlock()
	alive := map[int]stat{}
	for _, s := range allStats() {
		if s.start >= t.root.start && !s.gone {
			alive[s.pid] = s
		}
	}
	for grown := true; grown; {
		grown = false
		for _, s := range alive {
			if !t.seen[s.process] && (t.seen[alive[s.parent].process] || s.group == t.root.pid || marked && hasMark(s.pid, t.mark)) {
				t.seen[s.process], grown = true, true
			}
		}
	}
	var members []stat
	for _, s := range alive {
		if t.seen[s.process] {
			members = append(members, s)
		}
	}
	return members
}
