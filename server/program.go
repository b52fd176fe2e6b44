package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"runtime"

	"cnalab/labs"
	"cnalab/server/datadir"
	"cnalab/server/grade"
	"cnalab/server/library"
	"cnalab/server/progress"
	"cnalab/server/project"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/cleanup"
	"cnalab/server/session"
	"cnalab/server/workspaces"
)

// program is what the verbs work with, wired together. None of its parts
// touches a file or starts a process before it is used.
type program struct {
	project    project.Project
	data       datadir.Dir
	hides      []string // from what a learner has written
	signs      bool     // what it finds, so that no server is asked
	log        *slog.Logger
	library    *library.Library
	workspaces *workspaces.Store
	progress   *progress.Store
	grader     *grade.Grader
	providers  []sandbox.Provider
	sessions   *session.Sessions
	shells     *shells
}

// open wires the program; log takes what is not for a person. A program that
// serves may keep a warm pool of parts.
func (o *options) open(log io.Writer, serves bool) (*program, error) {
	found, err := o.find()
	if err != nil {
		return nil, err
	}
	p := &program{project: found, data: datadir.Dir(o.data), hides: o.hides(), signs: o.key != "", log: o.log(log)}
	slog.SetDefault(p.log) // for packages that have none of their own
	if err := p.data.Create(); err != nil {
		return nil, err
	}
	p.providers = o.openProviders(found, serves)
	p.library = library.New(found.Labs)
	p.workspaces = workspaces.New(o.data, found.Root)
	if err := p.workspaces.MoveOld(); err != nil {
		return nil, err
	}
	p.progress = progress.New(p.data.Path("progress.db"))
	p.grader = grade.New(grade.Config{Root: found.Root, Prebuilt: found.Prebuilt(runtime.GOOS), Cache: p.data.Path("cache"), Hides: o.hides()})
	p.sessions = session.New(session.Config{
		Providers:  p.providers,
		Workspaces: func(key session.Key) session.Workspace { return p.workspaces.Lab(key.Lab) },
		Grader:     p.grader,
		Progress:   p.progress,
		Log:        p.log,
		Passed:     p.keepDone,
	})
	p.shells = p.newShells()
	return p, nil
}

// close ends everything that runs; report is told of each sandbox.
func (p *program) close(report func(*labs.Lab)) error {
	p.shells.close()
	errs := []error{p.sessions.Close(report)}
	for _, provider := range p.providers {
		errs = append(errs, provider.Close())
	}
	p.grader.Close()
	err := errors.Join(append(errs, p.progress.Close())...)
	if err == nil {
		cleanup.StopReaper() // else it has something left to do
	}
	return err
}

// session returns the lab's session, of the one learner that a program has.
func (p *program) session(lab *labs.Lab) *session.Session {
	return p.sessions.Session(session.Key{Lab: lab})
}

// closeQuietly closes it where the outcome stands even if that fails.
func (p *program) closeQuietly() {
	if err := p.close(nil); err != nil {
		p.log.Warn("close", "err", err)
	}
}

// provider returns the one that opens the lab's sandbox here.
func (p *program) provider(ctx context.Context, lab *labs.Lab) (sandbox.Provider, error) {
	return sandbox.Detect(ctx, lab, sandbox.Auto, p.providers...)
}
