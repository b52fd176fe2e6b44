package check

import (
	"sync/atomic"
	"time"
)

// impatient is set once services were waited for in vain: the next waits of
// this run are short, so that an unfinished step is told soon.
var impatient atomic.Bool

// AwaitServices calls look until it finds nothing to say, and ends the check
// as not yet with its last Finding when the time within is over. On a busy
// machine, where looking itself is slow, it waits longer, up to three times
// as long. Where one of the services is down by its own fault by then, that
// explains the wait, and the check ends as could not check.
//
// Unlike Eventually's, look has no context: it asks with the check's own
// methods, which have deadlines of their own.
func (c *C) AwaitServices(within time.Duration, look func() *Finding, services ...string) {
	c.Helper()
	if impatient.Load() {
		within = min(within, time.Second)
	}
	begin, looking := time.Now(), time.Duration(0)
	for looks := 1; ; looks++ {
		asked := time.Now()
		finding := look()
		if finding == nil {
			return
		}
		looking += time.Since(asked)
		busy := 30 * looking / time.Duration(looks)
		if time.Since(begin) > min(within+busy, 3*within) {
			impatient.Store(true)
			c.Alive(services...)
			c.NotYet(*finding)
		}
		time.Sleep(min(time.Duration(looks)*5*time.Millisecond, 100*time.Millisecond))
	}
}
