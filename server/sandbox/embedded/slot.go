package embedded

import (
	"context"
	"io"
	"os"

	"cnalab/server/sandbox/box"
	"cnalab/server/sandbox/embedded/child"
	"cnalab/server/sandbox/embedded/gate"
	"cnalab/server/sandbox/port"
)

// serviceMemory is how much memory a learner's service may take before it is
// ended: enough for any of the labs, too little to hurt the machine.
const serviceMemory = 1 << 30

// Slot returns where a service will run.
func (g *ground) Slot(service string) (box.Slot, error) {
	slot, err := g.slot(service, nil)
	slot.Start = func(program box.Program, output io.Writer) (box.Process, error) {
		return started(child.Spec{Path: program.Path, Args: program.Args, Dir: program.Dir, Env: append(basics(), program.Env...),
			Output: output, Memory: serviceMemory, Lease: g.lease})
	}
	return slot, err
}

// slot takes a public and an own address for a part; spec says what runs there.
func (g *ground) slot(name string, spec func(listen string, output io.Writer) (child.Spec, error)) (box.Slot, error) {
	listen, err := port.Reserve()
	if err != nil {
		return box.Slot{}, err
	}
	public, err := gate.New(listen)
	if err != nil {
		port.Release(listen)
		return box.Slot{}, err
	}
	g.listens[name], g.inside[name] = listen, public.Address()
	return box.Slot{
		Gate: public, Listen: listen, Free: func() { port.Release(listen) },
		Answers: func(ctx context.Context) error { return box.Accepts(ctx, listen) },
		Start: func(_ box.Program, output io.Writer) (box.Process, error) {
			spec, err := spec(listen, output)
			if err != nil {
				return nil, err
			}
			return started(spec)
		},
	}, nil
}

// started keeps a process that is nil from being one that is not.
func started(spec child.Spec) (box.Process, error) {
	process, err := child.Start(spec)
	if err != nil {
		return nil, err
	}
	return process, nil
}

// basics is the environment every process of ours has: what a program needs
// to run at all, and none of the server's own.
func basics() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "TZ", "USERPROFILE", "LOCALAPPDATA", "TEMP", "TMP"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
