// Package objects exports what a learner has made in a sandbox's engine or
// cluster, as a compose file or a manifest, and makes it again in another. It
// finds the sandbox by the environment that its terminals have, and knows
// neither labs nor steps.
package objects

import (
	"context"
	"errors"
	"strings"

	"cnalab/labs"
	"cnalab/labs/environ"
	"cnalab/labs/process"
)

// Objects are what a sandbox held.
type Objects struct {
	Compose  []byte            // of the engine; empty where there is none
	Manifest []byte            // of the cluster; empty where there is none
	Names    map[string]string // what only this sandbox is called by: its nodes and its addresses
}

// Export reads what the sandbox with that environment holds. Paths below the
// workspace are told from there.
func Export(ctx context.Context, environment []string, workspace string) (o Objects, err error) {
	var err1, err2, err3 error
	o.Names, err1 = Names(ctx, environment, workspace)
	if host := environ.Lookup(environment, labs.EnvDocker); host != "" {
		o.Compose, err2 = exportCompose(ctx, host, workspace)
	}
	if file := environ.Lookup(environment, labs.EnvKube); file != "" {
		o.Manifest, err3 = exportManifest(ctx, file)
	}
	return o, errors.Join(err1, err2, err3)
}

// Names are what only the sandbox with that environment is called by: its
// folder, its addresses and its nodes, each by what it is for.
func Names(ctx context.Context, environment []string, workspace string) (map[string]string, error) {
	names := map[string]string{"workspace": workspace}
	for _, pair := range environment {
		if name, value, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "NODEPORT_") {
			names[name] = value
		}
	}
	if file := environ.Lookup(environment, labs.EnvKube); file != "" {
		return names, nodes(ctx, file, names)
	}
	return names, nil
}

// Restore makes objects in the sandbox with that environment: those that are not
// there, and with all also those that are otherwise. It returns a sentence for
// each that could not be made. What it starts is kept in the isolation, where a
// link in the workspace leads to nothing of ours.
func (o Objects) Restore(ctx context.Context, environment []string, workspace string, all bool, isolation *process.Isolation) (failed []string) {
	if host := environ.Lookup(environment, labs.EnvDocker); host != "" && len(o.Compose) > 0 {
		docker := docker{environment: environment, workspace: workspace, isolation: isolation}
		failed = append(failed, docker.restore(ctx, o.Compose)...)
	}
	if file := environ.Lookup(environment, labs.EnvKube); file != "" && len(o.Manifest) > 0 {
		failed = append(failed, restoreManifest(ctx, o.Manifest, file, all)...)
	}
	return failed
}
