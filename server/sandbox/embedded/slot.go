package embedded

import (
	"context"
	"io"
	"os"

	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/embedded/proxy"
	"cnalab/server/sandbox/embedded/subprocess"
	"cnalab/server/sandbox/runtime"
)

// serviceMemory is how much memory a learner's service may take before it is
// ended: enough for any of the labs, too little to hurt the machine.
const serviceMemory = 1 << 30

// Slot returns where a service will run.
func (g *backend) Workload(service string) (runtime.Workload, error) {
	slot, err := g.workload(service, nil)
	slot.Start = func(program runtime.Program, output io.Writer) (runtime.Process, error) {
		return started(subprocess.Spec{Path: program.Path, Args: program.Args, Dir: program.Dir, Env: append(baseEnv(), program.Env...),
			Output: output, Memory: serviceMemory, Record: g.record})
	}
	return slot, err
}

// slot takes a public and an own address for a part; spec says what runs there.
func (g *backend) workload(name string, spec func(listen string, output io.Writer) (subprocess.Spec, error)) (runtime.Workload, error) {
	listen, err := cleanup.ReservePort()
	if err != nil {
		return runtime.Workload{}, err
	}
	public, err := proxy.New(listen)
	if err != nil {
		cleanup.ReleasePort(listen)
		return runtime.Workload{}, err
	}
	g.listens[name], g.internal[name] = listen, public.Address()
	return runtime.Workload{
		Proxy: public, ListenAddress: listen, Release: func() { cleanup.ReleasePort(listen) },
		Ready: func(ctx context.Context) error { return runtime.DialReady(ctx, listen) },
		Start: func(_ runtime.Program, output io.Writer) (runtime.Process, error) {
			spec, err := spec(listen, output)
			if err != nil {
				return nil, err
			}
			return started(spec)
		},
	}, nil
}

// started keeps a process that is nil from being one that is not.
func started(spec subprocess.Spec) (runtime.Process, error) {
	process, err := subprocess.Start(spec)
	if err != nil {
		return nil, err
	}
	return process, nil
}

// basics is the environment every process of ours has: what a program needs
// to run at all, and none of the server's own.
func baseEnv() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "TZ", "USERPROFILE", "LOCALAPPDATA", "TEMP", "TMP"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
