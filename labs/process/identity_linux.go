package process

import (
	"os"
	"strconv"
	"strings"
	"sync"
)

// namespace tells this boot of the machine, and this PID namespace, from
// others.
var namespace = sync.OnceValue(func() string {
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	pids, _ := os.Readlink("/proc/self/ns/pid")
	return strings.TrimSpace(string(boot)) + ":" + strings.Trim(strings.TrimPrefix(pids, "pid:"), "[]") + ":"
})

func started(pid int) string {
	e, ok := readStat(pid)
	if !ok || e.zombie {
		return ""
	}
	return e.identity().Start
}

// rooted is the identity of a child, which may have ended already.
func rooted(pid int) Identity {
	e, _ := readStat(pid)
	e.pid = pid
	return e.identity()
}

func (e entry) identity() Identity {
	return Identity{PID: e.pid, Start: namespace() + strconv.FormatUint(e.start, 10)}
}

// ticks is when the process started, in clock ticks since boot.
func (i Identity) ticks() uint64 {
	ticks, _ := strconv.ParseUint(i.Start[strings.LastIndexByte(i.Start, ':')+1:], 10, 64)
	return ticks
}

// visible reports whether this program would see the process if it ran.
func visible(i Identity) bool { return strings.HasPrefix(i.Start, namespace()) }
