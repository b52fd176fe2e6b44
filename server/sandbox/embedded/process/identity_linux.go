package process

import (
	"os"
	"strconv"
	"strings"
	"sync"
)

// boot tells this run of the machine from others.
var boot = sync.OnceValue(func() string {
	id, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(id))
})

func started(pid int) string {
	e, ok := look(pid)
	if !ok || e.zombie {
		return ""
	}
	return e.identity().Start
}

func (e entry) identity() Identity {
	return Identity{PID: e.pid, Start: boot() + ":" + strconv.FormatUint(e.start, 10)}
}

// ticks is when the process started, in the system's own unit since boot.
func (i Identity) ticks() uint64 {
	_, text, _ := strings.Cut(i.Start, ":")
	ticks, _ := strconv.ParseUint(text, 10, 64)
	return ticks
}
