package kube

import (
	"net/http"
	"time"
)

// heartbeat is the Lease that a part of the cluster renews while it works.
type heartbeat struct {
	Metadata ObjectMeta `json:"metadata"`
	Spec     struct {
		Seconds  int       `json:"leaseDurationSeconds"`
		Acquired time.Time `json:"acquireTime"`
		Renewed  time.Time `json:"renewTime"`
	} `json:"spec"`
}

// Away reports whether a part of the control plane, or a node, has not worked
// for a time, or has begun to only in the time that is given: then what did not
// come says nothing of the work. Times are those of the cluster's own clock.
func (k *Client) Away(within time.Duration) bool {
	k.c.Helper()
	var all []heartbeat
	for _, namespace := range []string{"kube-system", "kube-node-lease"} {
		var list struct{ Items []heartbeat }
		err := k.call(k.c.Context, http.MethodGet, in(coordination, namespace, "leases", ""), nil, &list)
		if !notFound(err) {
			k.must(err)
		}
		all = append(all, list.Items...)
	}
	var newest time.Time
	for _, l := range all {
		if l.Spec.Renewed.After(newest) {
			newest = l.Spec.Renewed
		}
	}
	for _, l := range all {
		silent := newest.Sub(l.Spec.Renewed) > time.Duration(l.Spec.Seconds)*time.Second
		begun := !l.Spec.Acquired.IsZero() && newest.Sub(l.Spec.Acquired) < within
		if silent || begun {
			return true
		}
	}
	return false
}
