package kube

import (
	"sync"
	"time"

	"cnalab/labs/check"
)

const (
	pollInterval = 100 * time.Millisecond // between two looks at the cluster
	repeated     = 2 * time.Second        // for a sentence that a wait of this run has ended with
)

// waitedInVain holds the sentences that waits of this run have ended with.
var waitedInVain sync.Map

// Await calls look until it finds nothing to say, and ends the check as not
// yet with its last Finding when the time within is over. A wait for what did
// not come in this run before is short. Where looking itself is slow, or the
// control plane was away, it waits longer; where the check's own time is over
// by then, the check ends as could not check.
func (k *Client) Await(within time.Duration, look func() *check.Finding) {
	k.c.Helper()
	looking, looks := time.Duration(0), time.Duration(0)
	for begin := time.Now(); ; time.Sleep(pollInterval) {
		asked := time.Now()
		finding := look()
		if finding == nil {
			return
		}
		k.must(k.c.Context.Err())
		looking, looks = looking+time.Since(asked), looks+1
		if time.Since(begin) < bound(within, finding.Say, looking/looks) {
			continue
		}
		if !k.Away(time.Since(begin)) {
			waitedInVain.Store(finding.Say, true)
			k.c.NotYet(*finding)
		}
		begin = time.Now()
	}
}

// bound is how long to wait where one look takes so long.
func bound(within time.Duration, say string, look time.Duration) time.Duration {
	if _, before := waitedInVain.Load(say); before {
		within = min(within, repeated)
	}
	return min(within+30*look, 3*within)
}
