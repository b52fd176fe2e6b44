package embedded

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"cnalab/labs"
	"cnalab/labs/process"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/sandbox/runtime"
)

// backend is where one sandbox's parts run: a cleanup record and a folder.
type backend struct {
	provider *Provider
	events   sandbox.EventBus
	record   *cleanup.Record
	folder   string
	lab      string               // the lab's folder
	learner  *process.DynamicUser // who the learner's services run as

	once  sync.Once
	ended error
}

// newBackend takes a cleanup record and a folder.
func (p *Provider) newBackend(lab string) (*backend, error) {
	record, err := cleanup.NewRecord(p.records())
	if err != nil {
		return nil, err
	}
	b := &backend{provider: p, record: record, folder: filepath.Join(p.place, "run", record.ID()), lab: lab, learner: process.NewDynamicUser()}
	// Other accounts pass through; they cannot look around.
	if err := record.Folder(b.folder, 0o711); err != nil {
		b.Close()
		return nil, fmt.Errorf("make sandbox: %w", err)
	}
	return b, nil
}

// newStack places the lab's parts on a backend of their own.
func (p *Provider) newStack(_ context.Context, lab *labs.Lab) (*runtime.Stack, error) {
	all, err := p.config.Kinds.Define(lab)
	if err != nil {
		return nil, err
	}
	b, err := p.newBackend(lab.Dir)
	if err != nil {
		return nil, err
	}
	return runtime.NewStack(lab, b, all)
}

// Workloads, Start, Environment, Folder, Events and Close are of
// runtime.Backend.

func (b *backend) Start(context.Context, *runtime.Stages) error { return nil }

func (b *backend) Environment() []string { return nil }

func (b *backend) Closing() {}

func (b *backend) Folder() string { return b.folder }

func (b *backend) Events() *sandbox.EventBus { return &b.events }

// Close removes what the parts have stored.
func (b *backend) Close() error {
	b.once.Do(func() {
		b.provider.release(b.folder)
		b.learner.Close()
		b.ended = b.record.End()
	})
	return b.ended
}

// release gives back what the processes that worked in a sandbox's folder have
// outside it.
func (p *Provider) release(folder string) {
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		for _, kind := range p.config.Kinds {
			if entry.IsDir() && kind.Release != nil {
				kind.Release(filepath.Join(folder, entry.Name()))
			}
		}
	}
}
