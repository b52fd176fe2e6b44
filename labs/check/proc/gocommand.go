package proc

import "context"

// offline makes the go command build with what is on this machine alone.
var offline = []string{"GOPROXY=off", "GOWORK=off", "GOFLAGS=-mod=readonly", "GOTOOLCHAIN=local", "CGO_ENABLED=0"}

// Go runs the go command in that folder to its end, or until ctx ends. The
// error is not nil only where it could not be started.
func Go(ctx context.Context, dir string, args ...string) (Result, error) {
	return Run(ctx, Command{
		Name: "go " + args[0], Path: "go", Args: args, Dir: dir, Env: offline, Output: 64 << 20, Memory: 8 << 30,
	})
}
