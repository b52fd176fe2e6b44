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
// not come in this run before is short.
func (k *Client) Await(within time.Duration, look func() *check.Finding) {
	k.c.Helper()
	for begin := time.Now(); ; time.Sleep(pollInterval) {
		finding := look()
		if finding == nil {
			return
		}
		bound := within
		if _, before := waitedInVain.Load(finding.Say); before {
			bound = min(bound, repeated)
		}
		if time.Since(begin) > bound || k.c.Context.Err() != nil {
			waitedInVain.Store(finding.Say, true)
			k.c.NotYet(*finding)
		}
	}
}
