package box

import (
	"context"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// Insider is a ground that has an inside: a network of its own, which a shell
// can be in.
type Insider interface {
	// Workbench makes a shell in the network, in the workspace, that is told
	// the addresses.
	Workbench(ctx context.Context, workspace string, addresses []string) (*sandbox.Workbench, error)
}

// Workbench makes a shell inside the sandbox.
func (b *Box) Workbench(ctx context.Context) (*sandbox.Workbench, error) {
	ground, is := b.ground.(Insider)
	if !is {
		return nil, NoInside()
	}
	return ground.Workbench(ctx, b.Workspace, b.addresses(b.ground.Inside))
}

// NoInside is the error of a sandbox whose parts have no network of their own.
func NoInside() error {
	return &labs.Problem{Kind: labs.BadInput, Say: "This sandbox has no inside: its parts run on this machine itself.",
		Next: "Open a terminal of this machine, or the lab with --sandbox docker."}
}
