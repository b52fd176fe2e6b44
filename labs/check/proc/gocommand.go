package proc

import (
	"context"
	"slices"

	"cnalab/labs/gobuild"
)

// Go runs the go command on the module in that folder, with what is on this
// machine alone, to its end or until ctx ends. The error is not nil only where
// it could not be started.
func Go(ctx context.Context, dir string, args ...string) (Result, error) {
	flags, remove := gobuild.Pin(dir)
	defer remove()
	return Run(ctx, Command{
		Name: "go " + args[0], Path: "go", Args: slices.Insert(slices.Clone(args), 1, flags...), Dir: dir,
		Env: gobuild.Environment(false), Output: 64 << 20, Memory: 8 << 30,
	})
}
