// Package kinds lists the kinds of parts that there are, for who wires the
// program. It knows nothing of sandboxes.
package kinds

import (
	"cnalab/server/sandbox/part"
	"cnalab/server/sandbox/part/container"
	"cnalab/server/sandbox/part/docker"
	"cnalab/server/sandbox/part/kafka"
	"cnalab/server/sandbox/part/kubernetes"
	"cnalab/server/sandbox/part/postgres"
	"cnalab/server/sandbox/part/registry"
	"cnalab/server/sandbox/part/service"
)

// All returns every kind; the server is Postgres as the config says.
func All(config postgres.Config) part.Kinds {
	all := part.Kinds{}
	for _, kind := range []part.Kind{
		kafka.Kind(), postgres.Kind(config), service.Kind(), service.Fixture(), registry.Kind(), container.Kind(), docker.Kind(), kubernetes.Kind(),
	} {
		all[kind.Name] = kind
	}
	return all
}
