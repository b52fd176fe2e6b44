package main

import (
	"context"
	"sync"

	"cnalab/labs"
	"cnalab/server/handin"
	"cnalab/server/sandbox"
	"cnalab/server/session"
	"cnalab/server/session/event"
	"cnalab/server/site"
	"cnalab/server/terminal"
)

// shells are the terminals of all labs: each is opened in the lab's workspace
// with the addresses of its sandbox, and ends with that sandbox.
type shells struct {
	program   *program
	terminals *terminal.Shells
	tools     *tools
	stop      context.CancelFunc
	ctx       context.Context

	watchers sync.WaitGroup
	mu       sync.Mutex
	watched  map[string]bool // by lab
}

func (p *program) newShells() *shells {
	s := &shells{program: p, tools: p.newTools(), watched: map[string]bool{}}
	local := terminal.Local{Folder: p.data.Path("terminal"), Tools: s.tools.folder}
	s.terminals = terminal.New(terminal.Config{Start: local.Start})
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

func (s *shells) close() {
	s.stop()
	s.terminals.Close()
	s.watchers.Wait()
}

// of returns the lab's terminals, as the site sees them.
func (s *shells) of(lab *labs.Lab) site.Terminals { return shellsOf{s, lab} }

type shellsOf struct {
	*shells
	lab *labs.Lab
}

func (s shellsOf) List() (all []site.Terminal) {
	for _, one := range s.terminals.List(s.lab.ID) {
		all = append(all, inShell{one})
	}
	return all
}

func (s shellsOf) Open(ctx context.Context, kind site.Kind) (site.Terminal, error) {
	session := s.program.session(s.lab)
	request := terminal.Request{Lab: s.lab.ID, Dir: s.program.workspaces.Lab(s.lab).Dir(), Environment: session.Environment(), Plain: kind == site.Plain}
	if status := session.Status(); status.Phase == sandbox.Open && handin.Kept(s.lab) {
		var err error
		if request.Record, err = s.program.record(s.lab).Log(status.Since); err != nil {
			s.program.log.Warn("record what is typed", "lab", s.lab.ID, "err", err) // the terminal is of use without
		}
	}
	s.watch(s.lab.ID, session)
	s.tools.start(s.ctx)
	if kind == site.Inside {
		workbench, err := session.Workbench(ctx)
		if err != nil {
			return nil, err
		}
		request.Inside = &terminal.Inside{Command: workbench.Command, Close: workbench.Close}
	}
	one, err := s.terminals.Open(request)
	if err != nil {
		return nil, err
	}
	return inShell{one}, nil
}

// watch ends the lab's shells whenever its sandbox has been open and is closed.
func (s *shells) watch(lab string, session *session.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watched[lab] {
		return
	}
	s.watched[lab] = true
	events, cancel := session.Subscribe(event.Sandbox)
	s.watchers.Go(func() {
		defer cancel()
		for open := false; ; {
			is := session.Status().Phase == sandbox.Open // it may be open already
			if open && !is {
				s.terminals.End(lab, terminal.SandboxEnded)
			}
			open = is
			select {
			case <-s.ctx.Done():
				return
			case <-events.Ready:
			}
		}
	})
}

// inShell is a shell as the site sees it.
type inShell struct{ *terminal.Shell }

func (s inShell) Attach(seen int64) site.Screen { return onScreen{s.Shell.Attach(seen)} }
func (s inShell) Close()                        { s.Shell.End(terminal.Closed) }

type onScreen struct{ *terminal.Screen }

func (s onScreen) Why() string { return string(s.Screen.Why()) }

var _ site.Terminal = inShell{}
