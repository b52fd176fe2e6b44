package kind

import (
	"context"

	"cnalab/server/sandbox/engine"
)

// CopyKubectl copies a node's kubectl out, as for a machine that has none.
func CopyKubectl(ctx context.Context, node, to string) error {
	e, err := engine.Connect(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	return (&cluster{engine: e}).copyOut(ctx, node, kubectlPath, to)
}
