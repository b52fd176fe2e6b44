package check

import (
	"context"
	"sync"
	"time"
)

// Eventually calls look until it returns a nil Finding, waiting a little
// longer each time, and ends the check as not yet with the last Finding when
// the time within is over.
func (c *C) Eventually(within time.Duration, look func(ctx context.Context) *Finding) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context, within)
	defer cancel()
	for pause := 10 * time.Millisecond; ; pause = min(pause*2, 250*time.Millisecond) {
		finding := look(ctx)
		if finding == nil {
			return
		}
		select {
		case <-ctx.Done():
			c.NotYet(*finding)
		case <-time.After(pause):
		}
	}
}

// repeated bounds a wait that would end with a sentence already said in this
// run, so that an unfinished step is told soon.
const repeated = 500 * time.Millisecond

// waitedInVain holds the sentences that waits of this run have ended with. A
// wait for something else is as long as ever: one thing that does not come
// says nothing of another.
var waitedInVain sync.Map

// AwaitServices calls look until it finds nothing to say, and ends the check
// as not yet with its last Finding when the time within is over. On a busy
// machine, where looking itself is slow, it waits longer, up to three times
// as long. Where one of the services is down by its own fault by then, that
// explains the wait, and the check ends as could not check. A Finding without
// Output gets what the services have logged since the check began.
//
// Unlike Eventually's, look has no context: it asks with the check's own
// methods, which have deadlines of their own.
func (c *C) AwaitServices(within time.Duration, look func() *Finding, services ...string) {
	c.Helper()
	begin, looking := time.Now(), time.Duration(0)
	for looks := 1; ; looks++ {
		asked := time.Now()
		finding := look()
		if finding == nil {
			return
		}
		looking += time.Since(asked)
		if time.Since(begin) > timeout(within, finding.Say, looking/time.Duration(looks)) {
			waitedInVain.Store(finding.Say, true)
			c.Alive(services...)
			if finding.Output == "" {
				finding.Output = c.LogSince(services...)
			}
			c.NotYet(*finding)
		}
		time.Sleep(min(time.Duration(looks)*5*time.Millisecond, 100*time.Millisecond))
	}
}

// timeout is how long to wait where one look takes so long.
func timeout(within time.Duration, say string, look time.Duration) time.Duration {
	if _, before := waitedInVain.Load(say); before {
		within = min(within, repeated)
	}
	return min(within+30*look, 3*within)
}

// Within calls done until it is true, and reports whether it was in time. It
// is for what may come or not, where something after it shows which.
func (c *C) Within(within time.Duration, done func() bool) bool {
	c.Helper()
	for begin := time.Now(); time.Since(begin) < within; time.Sleep(10 * time.Millisecond) {
		if done() {
			return true
		}
	}
	return false
}

// Stays calls look again and again for the time given, and ends the check as
// not yet as soon as it returns a Finding.
func (c *C) Stays(during time.Duration, look func() *Finding) {
	c.Helper()
	for end := time.Now().Add(during); ; time.Sleep(5 * time.Millisecond) {
		if finding := look(); finding != nil {
			c.NotYet(*finding)
		}
		if time.Now().After(end) {
			return
		}
	}
}
