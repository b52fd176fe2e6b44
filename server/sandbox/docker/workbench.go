package docker

import (
	"context"

	"cnalab/server/sandbox"
	"cnalab/server/sandbox/box"
	"cnalab/server/sandbox/workbench"
)

// Workbench makes a shell in the sandbox's network. Where the lab uses the
// engine itself there is no network of the sandbox's own.
func (g *ground) Workbench(ctx context.Context, workspace string, addresses []string) (*sandbox.Workbench, error) {
	if g.empty() {
		return nil, box.NoInside()
	}
	g.making.Add(1) // or Close would look for containers before this one is there
	defer g.making.Done()
	if g.life.Err() != nil {
		return nil, box.Gone()
	}
	return workbench.New(ctx, g.engine.Engine, workbench.Spec{Network: g.network(), Labels: g.labels, Workspace: workspace, Addresses: addresses})
}
