package process

import (
	"syscall"
	"time"
)

// sweepMarked ends the written-down processes that still run, and whatever
// descends from any process of the lease.
func sweepMarked(lease string, written []Identity) {
	begins := mark + "=" + lease + "/"
	inherited := func(env []byte) bool { return marked(env, begins, false) }
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
