package embedded

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"io/fs"
	"path/filepath"
	"syscall"

	"cnalab/labs/environ"
	"cnalab/labs/process"
	"cnalab/server/sandbox/embedded/subprocess"
	"cnalab/server/sandbox/part"
	"cnalab/server/sandbox/runtime"
)

// host is where one part's process runs, as its definition sees it.
type host struct {
	backend         *backend
	definition      part.Definition
	listen, address string
	account         *process.Account // nil for ourselves
}

func (b *backend) host(d part.Definition, listen, address string) (*host, error) {
	h := &host{backend: b, definition: d, listen: listen, address: address}
	var err error
	if kind := b.provider.config.Kinds[d.Kind]; kind.Account != nil {
		h.account, err = kind.Account()
	}
	return h, err
}

// Listen, Address, Data, Cache, Folder, Account and Run are of part.Host.

func (h *host) Listen() string { return h.listen }

func (h *host) Address() string { return h.address }

func (h *host) Data() string { return h.backend.data(h.definition.Name) }

func (h *host) Cache() string { return h.backend.provider.cache(h.definition.Kind) }

func (h *host) Folder(path string, mode fs.FileMode) error {
	return h.backend.record.Folder(path, mode)
}

func (h *host) Account() *process.Account { return h.account }

// Run runs a command to its end.
func (h *host) Run(ctx context.Context, c part.Command) (string, error) {
	var output bytes.Buffer
	p, err := subprocess.Start(h.spec(c, &output))
	if err != nil {
		return "", err
	}
	select {
	case <-p.Done():
	case <-ctx.Done():
		p.Kill()
		return output.String(), ctx.Err()
	}
	return output.String(), p.Err()
}

// start runs the part's process.
func (h *host) start(ctx context.Context, _ runtime.Program, output io.Writer) (runtime.Process, error) {
	c, err := h.definition.Process.Command(ctx, h)
	if err != nil {
		return nil, err
	}
	if c.Path == "" {
		if c.Path, err = h.backend.provider.fixtures(ctx, runtime.DiscardStages()); err != nil {
			return nil, err
		}
	}
	spec := h.spec(c, output)
	if h.account != nil {
		spec.Home = h.Data()
	}
	return started(spec)
}

func (h *host) spec(c part.Command, output io.Writer) subprocess.Spec {
	spec := subprocess.Spec{Path: c.Path, Args: c.Args, Dir: cmp.Or(c.Dir, h.backend.folder), Env: c.Env, Output: output,
		Account: h.account, Record: h.backend.record}
	if c.Interrupt {
		spec.End = syscall.SIGINT
	}
	if spec.Env == nil {
		spec.Env = environ.Bare()
	}
	return spec
}

// cache is a folder that all parts of a kind share.
func (p *Provider) cache(kind string) string { return filepath.Join(p.place, "cache", kind) }
