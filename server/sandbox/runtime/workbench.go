package runtime

import (
	"context"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// Networked is a backend that has a network of its own, which a shell can be in.
type Networked interface {
	// Workbench makes a shell in the network, in the workspace, that is told
	// the addresses and can read the files; see Program.Files.
	Workbench(ctx context.Context, workspace string, addresses []string, files map[string]string) (*sandbox.Workbench, error)
}

// Workbench makes a shell inside the sandbox.
func (b *Sandbox) Workbench(ctx context.Context) (*sandbox.Workbench, error) {
	backend, is := b.stack.Backend.(Networked)
	if !is {
		return nil, ErrNoNetwork()
	}
	return backend.Workbench(ctx, b.Workspace, b.stack.addresses(inside), b.stack.trusted())
}

// ErrNoNetwork is the error of a sandbox whose parts have no network of their own.
func ErrNoNetwork() error {
	return &labs.Problem{Kind: labs.BadInput, Say: "This sandbox has no inside: its parts run on this machine itself.",
		Next: "Open a terminal of this machine, or the lab with --sandbox docker."}
}
