package docker

import (
	"context"
	"fmt"
	"os"

	"cnalab/server/sandbox"
	"cnalab/server/sandbox/runtime"
	"cnalab/server/sandbox/workbench"
)

// Workbench makes a shell in the sandbox's network. Where the lab uses the
// engine itself there is no network of the sandbox's own.
func (b *backend) Workbench(ctx context.Context, workspace string, addresses []string, files map[string]string) (*sandbox.Workbench, error) {
	if len(b.proxies) == 0 {
		return nil, runtime.ErrNoNetwork()
	}
	b.pending.Add(1) // or Close would look for containers before this one is there
	defer b.pending.Done()
	if b.ctx.Err() != nil {
		return nil, runtime.ErrClosed()
	}
	spec := workbench.Spec{Network: b.network(), Labels: b.labels, Workspace: workspace, Addresses: addresses, Files: map[string][]byte{}}
	for variable, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("make workbench: %w", err)
		}
		spec.Files[insidePath(file)] = content
		spec.Addresses = append(spec.Addresses, variable+"="+insidePath(file))
	}
	return workbench.New(ctx, b.engine.Engine, spec)
}
