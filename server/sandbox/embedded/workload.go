package embedded

import (
	"context"
	"io"
	"maps"
	"path/filepath"
	"slices"

	"cnalab/fixtures/proxy"
	"cnalab/labs/environ"
	"cnalab/labs/process"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/embedded/subprocess"
	"cnalab/server/sandbox/part"
	"cnalab/server/sandbox/runtime"
)

// serviceMemory is how much memory a learner's service may take before it is
// ended: enough for any of the labs, too little to hurt the machine.
const serviceMemory = 1 << 30

// Workloads returns where a part's process will run: it has an address of its
// own, and one that the others reach it at.
func (b *backend) Workloads(d part.Definition) ([]runtime.Workload, error) {
	listen, err := cleanup.ReservePort()
	if err != nil {
		return nil, err
	}
	public, err := cleanup.ReservePort()
	if err != nil {
		cleanup.ReleasePort(listen)
		return nil, err
	}
	address := runtime.Address(public)
	w := runtime.Workload{
		Proxy: proxy.NewRoute(public, listen), Outside: address, Inside: address, ListenAddress: listen, ProbeAddress: listen,
		Ready:   func(ctx context.Context) error { return runtime.DialReady(ctx, listen) },
		Release: func() { cleanup.ReleasePort(listen); cleanup.ReleasePort(public) },
		Start:   b.startProgram,
	}
	if d.Process != nil {
		h, err := b.host(d, listen, public)
		if err != nil {
			w.Proxy.Close()
			w.Release()
			return nil, err
		}
		w.Start = h.start
		if d.Process.Stores {
			w.Store = folder{path: h.Data(), account: h.account}
		}
	}
	return []runtime.Workload{w}, nil
}

// startProgram runs a service.
func (b *backend) startProgram(_ context.Context, program runtime.Program, output io.Writer) (runtime.Process, error) {
	env := append(environ.Bare(), program.Env...)
	for variable, path := range program.Files {
		env = append(env, variable+"="+path) // whoever it runs as can read them
	}
	return started(subprocess.Spec{Path: program.Path, Args: program.Args, Dir: program.Dir, Env: env,
		Output: output, Memory: serviceMemory, Record: b.record, Isolation: b.isolation(program)})
}

// isolation keeps the learner's service away from us, from the other parts'
// data, from the lab with its checks and solutions, and from all that is in the
// data folder but its own.
func (b *backend) isolation(program runtime.Program) *process.Isolation {
	if program.Workspace == "" {
		return nil // it is ours
	}
	config := b.provider.config
	return &process.Isolation{As: b.learner, Hides: append([]string{config.Data, b.provider.place, config.Root, b.lab}, config.Hides...),
		Reads: append(slices.Collect(maps.Values(program.Files)), program.Workspace)}
}

// started keeps a process that is nil from being one that is not.
func started(spec subprocess.Spec) (runtime.Process, error) {
	process, err := subprocess.Start(spec)
	if err != nil {
		return nil, err
	}
	return process, nil
}

// data is where a part keeps what it stores.
func (b *backend) data(name string) string { return filepath.Join(b.folder, name) }
