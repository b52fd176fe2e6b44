package grade

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

// envMark is in the environment of a check and of all it starts; package check
// hands no CNALAB_ variable on, so it does not begin so. It names
// the process that asked for it, so that what outlives both can be found.
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

// stat is what /proc says of a process.
type stat struct {
	process
	parent, group int
	pages         int64
	gone          bool // a zombie: nothing left but its number
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

// Sweep ends what checks left running whose grader is dead, as after kill -9.
func Sweep() {
	for _, s := range allStats() {
		mark := markOf(s.pid)
		name, _, found := strings.Cut(mark, ".")
		if found && !s.gone && abandoned(name) {
			syscall.Kill(s.pid, syscall.SIGKILL)
		}
	}
}

// owner is this process's name for good: its number, its start, and the
// number space that both belong to.
func owner() string {
	self, _ := readStat(os.Getpid())
	return fmt.Sprintf("%d:%d:%s", self.pid, self.start, numberSpace())
}

// abandoned reports whether the owner is of our number space, and dead.
func abandoned(owner string) bool {
	parts := strings.SplitN(owner, ":", 3)
	if len(parts) != 3 || parts[2] != numberSpace() {
		return false
	}
	pid, err := strconv.Atoi(parts[0])
	if err != nil {
		return false
	}
	now, ok := readStat(pid)
	return !ok || now.gone || strconv.FormatUint(now.start, 10) != parts[1]
}

func numberSpace() string {
	link, _ := os.Readlink("/proc/self/ns/pid")
	return strings.Trim(strings.TrimPrefix(link, "pid:"), "[]")
}

func hasMark(pid int, mark string) bool {
	_, value, _ := strings.Cut(mark, "=")
	return markOf(pid) == value
}

// markOf returns the value of the process's mark, or nothing.
func markOf(pid int) string {
	environ, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	for entry := range bytes.SplitSeq(environ, []byte{0}) {
		if value, ok := bytes.CutPrefix(entry, []byte(envMark+"=")); ok {
			return string(value)
		}
	}
	return ""
}

func allStats() []stat {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	var all []stat
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if s, ok := readStat(pid); ok {
			all = append(all, s)
		}
	}
	return all
}

// readStat reads /proc/PID/stat; fields are counted from behind the name,
// which may hold anything.
func readStat(pid int) (stat, bool) {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, false
	}
	fields := strings.Fields(string(line[bytes.LastIndexByte(line, ')')+1:]))
	if len(fields) < 22 {
		return stat{}, false
	}
	number := func(i int) int64 { n, _ := strconv.ParseInt(fields[i], 10, 64); return n }
	return stat{
		process: process{pid, uint64(number(19))},
		parent:  int(number(1)), group: int(number(2)), pages: number(21),
		gone: fields[0] == "Z" || fields[0] == "X",
	}, true
}
