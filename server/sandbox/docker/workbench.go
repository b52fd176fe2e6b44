package docker

import (
	"context"

	"cnalab/server/sandbox"
	"cnalab/server/sandbox/runtime"
	"cnalab/server/sandbox/workbench"
)

// Workbench makes a shell in the sandbox's network. Where the lab uses the
// engine itself there is no network of the sandbox's own.
func (g *backend) Workbench(ctx context.Context, workspace string, addresses []string) (*sandbox.Workbench, error) {
	if g.empty() {
		return nil, runtime.ErrNoNetwork()
	}
	g.pending.Add(1) // or Close would look for containers before this one is there
	defer g.pending.Done()
	if g.ctx.Err() != nil {
		return nil, runtime.ErrClosed()
	}
	return workbench.New(ctx, g.engine.Engine, workbench.Spec{Network: g.network(), Labels: g.labels, Workspace: workspace, Addresses: addresses})
}
