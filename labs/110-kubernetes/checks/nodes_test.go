//go:build lab

package checks

import (
	"fmt"
	"regexp"

	"cnalab/labs/check"
)

// node is the name of a machine: the cluster's, and what the machine is to it.
var node = regexp.MustCompile(`^(cnalab-[a-z2-7]{10})-(control-plane|worker\d*)$`)

// sameNode reports whether two names are of the same node. The cluster has
// another name each time it is made: answers of an earlier one still hold.
func sameNode(got, want string) bool {
	one, other := node.FindStringSubmatch(got), node.FindStringSubmatch(want)
	return got == want || one != nil && other != nil && one[2] == other[2]
}

// ofOneCluster ends the check as not yet where the answers name nodes of
// several clusters: nobody has seen those together.
func (s *shop) ofOneCluster(got answers) {
	s.Helper()
	all := []string{got.ControlPlane, got.Worker, got.Scheduler}
	for _, name := range all {
		if clusterOf(name) != clusterOf(all[0]) {
			s.NotYet(check.Finding{Say: "The answers name nodes of different clusters.", Got: fmt.Sprintf("%s, %s", all[0], name), Want: "nodes of one cluster",
				At: answersFile, Next: "Copy all three names from the cluster that is open: kubectl get nodes"})
		}
	}
}

func clusterOf(name string) string {
	if found := node.FindStringSubmatch(name); found != nil {
		return found[1]
	}
	return ""
}
