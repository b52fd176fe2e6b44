package docker

import (
	"context"

	"cnalab/server/sandbox"
	"cnalab/server/sandbox/runtime"
	"cnalab/server/sandbox/workbench"
)

// Workbench makes a shell in the sandbox's network. Where the lab uses the
// engine itself there is no network of the sandbox's own.
func (b *backend) Workbench(ctx context.Context, workspace string, addresses []string) (*sandbox.Workbench, error) {
	if len(b.proxies) == 0 {
		return nil, runtime.ErrNoNetwork()
	}
	b.pending.Add(1) // or Close would look for containers before this one is there
	defer b.pending.Done()
	if b.ctx.Err() != nil {
		return nil, runtime.ErrClosed()
	}
	return workbench.New(ctx, b.engine.Engine, workbench.Spec{Network: b.network(), Labels: b.labels, Workspace: workspace, Addresses: addresses})
}
