package check

import "time"

const (
	kubePause    = 100 * time.Millisecond // between two looks at the cluster
	kubeRepeated = 2 * time.Second        // for a sentence that a wait of this run has ended with
)

// Await calls look until it finds nothing to say, and ends the check as not
// yet with its last Finding when the time within is over. A wait for what did
// not come in this run before is short.
func (k *Kube) Await(within time.Duration, look func() *Finding) {
	k.c.Helper()
	for begin := time.Now(); ; time.Sleep(kubePause) {
		finding := look()
		if finding == nil {
			return
		}
		bound := within
		if _, said := waitedInVain.Load(finding.Say); said {
			bound = min(bound, kubeRepeated)
		}
		if time.Since(begin) > bound || k.c.Context.Err() != nil {
			waitedInVain.Store(finding.Say, true)
			k.c.NotYet(*finding)
		}
	}
}
