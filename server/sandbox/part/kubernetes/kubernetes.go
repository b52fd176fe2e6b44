// Package kubernetes is the kind of part that is a cluster. Its nodes are what a
// learner sees and breaks. It knows nothing of how a cluster is made.
package kubernetes

import (
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox/part"
)

// readyTimeout is how long a node may take to be ready.
const readyTimeout = 45 * time.Second

// Kind makes clusters: of one worker, where lab.yaml does not say.
func Kind() part.Kind {
	return part.Kind{Name: labs.KindKubernetes, Define: func(p labs.Part, _ string) []part.Definition {
		workers := 1
		if p.Workers != nil {
			workers = *p.Workers
		}
		return []part.Definition{{Name: p.Name, StartTimeout: readyTimeout, Cluster: &part.Cluster{Workers: workers}}}
	}}
}
