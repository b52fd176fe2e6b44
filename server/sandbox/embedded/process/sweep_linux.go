package process

import (
	"slices"
	"syscall"
	"time"
)

// sweepMarked ends the written-down processes that still run, and whatever
// descends from any process of the lease or works in one of its folders.
func sweepMarked(lease string, folders []string, written []Identity) {
	begins := mark + "=" + lease + "/"
	inherited := func(pid int) bool {
		return marked(pid, begins, false) || slices.ContainsFunc(folders, func(f string) bool { return within(pid, f) })
	}
	for range 100 {
		left := family(Identity{PID: -1}, inherited)
		for _, id := range written {
			if id.Alive() {
				left = append(left, family(id, inherited)...)
			}
		}
		if len(left) == 0 {
			return
		}
		for _, e := range left {
			syscall.Kill(e.pid, syscall.SIGKILL)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
