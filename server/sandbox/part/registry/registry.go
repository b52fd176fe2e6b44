// Package registry is the kind of part that is a private image registry. It
// knows nothing of who pushes and pulls.
package registry

import (
	"time"

	"cnalab/fixtures/images"
	"cnalab/labs"
	"cnalab/server/sandbox/part"
)

// Kind makes registries.
func Kind() part.Kind {
	return part.Kind{Name: labs.KindRegistry, Define: func(p labs.Part, _ string) []part.Definition {
		return []part.Definition{{
			Name: p.Name, StartTimeout: 45 * time.Second,
			Container: &part.Container{Image: images.Registry, Signal: "TERM", Stores: true,
				Ports: []part.Port{{Name: "registry", Number: 5000}}},
			Variables: func(at part.Addresses) []string {
				return []string{labs.EnvPart(labs.EnvRegistry, p) + "=" + at.At("")}
			},
		}}
	}}
}
