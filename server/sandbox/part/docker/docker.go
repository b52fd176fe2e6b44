// Package docker is the kind of part that is an engine of the learner's own, for
// containers and images that the learner makes. It knows nothing of how the
// machine's engine is shared.
package docker

import (
	"cnalab/labs"
	"cnalab/server/sandbox/part"
)

// Kind makes engines.
func Kind() part.Kind {
	return part.Kind{Name: labs.KindDocker, Define: func(p labs.Part, _ string) []part.Definition {
		return []part.Definition{{Name: p.Name, Engine: true}}
	}}
}
