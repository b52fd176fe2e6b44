package main

import (
	"context"
	"errors"
	"runtime"
	"time"

	"cnalab/labs/process"
	"cnalab/server/grade"
	"cnalab/server/project"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/docker"
	"cnalab/server/sandbox/embedded"
	"cnalab/server/sandbox/kind"
	"cnalab/server/sandbox/part/kinds"
	"cnalab/server/sandbox/part/postgres"
	"cnalab/server/terminal"
)

// openProviders makes the providers that --sandbox allows, the preferred one
// first. warm keeps one sandbox's parts started ahead, which is worth it only
// for a program that opens several.
func (o *options) openProviders(found project.Project, warm bool) []sandbox.Provider {
	known := kinds.All(postgres.Config{Root: found.Root})
	processes := embedded.New(embedded.Config{Root: found.Root, Prebuilt: found.Prebuilt(runtime.GOOS), Data: o.data, Hides: o.hides(), Kinds: known, WarmPool: warm})
	containers := docker.New(docker.Config{Root: found.Root, Prebuilt: found.Prebuilt("linux"), Data: o.data, Kinds: known, WarmPool: warm})
	clusters := kind.New(kind.Config{Data: o.data, Kinds: known, WarmPool: warm})
	switch o.sandbox {
	case processes.Name():
		return []sandbox.Provider{processes}
	case containers.Name():
		return []sandbox.Provider{containers, clusters} // which are containers too
	case clusters.Name():
		return []sandbox.Provider{clusters}
	}
	return []sandbox.Provider{processes, containers, clusters}
}

// sweepEvery is how often a server looks for what others have left in an
// engine: a program that was killed together with its reaper.
const sweepEvery = 5 * time.Minute

// keepSwept sweeps now and then until ctx ends.
func (p *program) keepSwept(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(sweepEvery):
			p.sweep()
		}
	}
}

// abandoned removes what programs that are gone have here and in engines; it is
// what a reaper does, so it opens nothing.
func abandoned(ctx context.Context) error {
	sweepProcesses()
	return errors.Join(docker.Sweep(ctx), kind.Sweep(ctx))
}

// sweepProcesses ends what checks and shells of programs that are gone have
// started, and removes what their builds left.
func sweepProcesses() {
	grade.Sweep()
	terminal.Sweep()
	process.SweepTemp()
}

// sweep removes what a program that was killed has left.
func (p *program) sweep() {
	sweepProcesses()
	p.sweepTemporary()
	for _, provider := range p.providers {
		if s, ok := provider.(interface{ Sweep() error }); ok {
			if err := s.Sweep(); err != nil {
				p.log.Warn("sweep", "provider", provider.Name(), "err", err)
			}
		}
	}
}
