package runtime

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"cnalab/labs"
	"cnalab/server/sandbox/part"
)

// Stack is a backend with its parts, of which those run that need no workspace.
// It is the same for every sandbox of labs with these parts, and so can be
// started before anyone asks for it.
type Stack struct {
	Backend
	lab        *labs.Lab // whose parts it has
	placed     []placed  // every part, those with programs last
	components []*Component
	programs   []placed // the parts that a sandbox builds and starts
	started    bool

	caFile       string                       // of the authority's certificate; empty where no service serves TLS
	certificates map[string]map[string]string // paths of a service's own files, by its name and their variables

	once   sync.Once
	closed error
}

// placed is a part, and where it will run.
type placed struct {
	part.Definition
	workload Workload
}

// NewStack places the lab's parts on the backend, and starts nothing yet. The
// backend is the stack's from now on, also where there is an error.
func NewStack(lab *labs.Lab, b Backend, all []part.Definition) (*Stack, error) {
	s := &Stack{Backend: b, lab: lab}
	for _, d := range all {
		workloads, err := b.Workloads(d)
		if err != nil {
			s.Close()
			return nil, err
		}
		for _, w := range workloads {
			if d.Program != nil {
				s.programs = append(s.programs, placed{d, w})
				continue
			}
			s.placed = append(s.placed, placed{d, w})
			s.components = append(s.components, NewComponent(d, w, b, func() (Program, error) { return Program{}, nil }))
		}
	}
	s.placed = append(s.placed, s.programs...)
	if err := s.issueCertificates(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Matches reports whether the stack is as one for the lab would be.
func (s *Stack) Matches(lab *labs.Lab) bool {
	ownFiles := slices.ContainsFunc(lab.Parts, func(p labs.Part) bool { return len(p.Files) > 0 })
	return reflect.DeepEqual(s.lab.Parts, lab.Parts) && (!ownFiles || s.lab.Dir == lab.Dir)
}

// Start brings up the backend and, side by side, the parts that run no program
// of a workspace, and makes what others will want of them. The starts of the
// others are prepared.
func (s *Stack) Start(ctx context.Context, stages *Stages) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.Backend.Start(ctx, stages) })
	for _, c := range s.components {
		if c.IsReady() {
			continue // it was started ahead
		}
		group.Go(func() error {
			if err := s.await(ctx, c.definition.After); err != nil {
				return err
			}
			return c.bringUp(ctx, stages)
		})
	}
	for _, p := range s.placed {
		group.Go(func() error { return s.prepare(ctx, p, stages) })
	}
	err := group.Wait()
	s.started = err == nil
	return err
}

// prepare does what a service's first start can do before it is built.
func (s *Stack) prepare(ctx context.Context, p placed, stages *Stages) error {
	if p.workload.Prepare == nil {
		return nil
	}
	if err := p.workload.await(ctx, stages); err != nil {
		return err
	}
	p.workload.Prepare(ctx, s.unbuilt(p))
	return nil
}

// StartAhead starts the stack before anyone asks for it.
func (s *Stack) StartAhead(ctx context.Context) error { return s.Start(ctx, DiscardStages()) }

// await waits until the parts answer. Parts that run programs are started when
// these are all there, and so are not waited for.
func (s *Stack) await(ctx context.Context, names []string) error {
	for _, c := range s.components {
		if !slices.Contains(names, c.name) {
			continue
		}
		select {
		case <-c.started:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// bringUp starts the part and makes what others will want of it.
func (c *Component) bringUp(ctx context.Context, stages *Stages) error {
	if err := c.workload.await(ctx, stages); err != nil {
		return err
	}
	err := stages.Run(cmp.Or(c.workload.StartStage, c.definition.StartStage), func() error { return c.Start(ctx) })
	if err != nil || c.definition.Provision == nil {
		return err
	}
	return stages.Run(c.definition.ProvisionStage, func() error {
		return c.definition.Provision(ctx, c.workload.ProbeAddress)
	})
}

// Healthy reports whether every part still answers.
func (s *Stack) Healthy() bool {
	if h, can := s.Backend.(interface{ Healthy() bool }); can && !h.Healthy() {
		return false
	}
	return s.started && !slices.ContainsFunc(s.components, func(c *Component) bool { return !c.IsReady() })
}

// Close ends the parts, and then the backend.
func (s *Stack) Close() error {
	s.once.Do(func() {
		s.Backend.Closing()
		var ends sync.WaitGroup
		for _, c := range s.components {
			ends.Go(c.Close)
		}
		ends.Wait()
		for _, p := range s.programs { // no sandbox has had them
			p.workload.release()
		}
		s.closed = errors.Join(s.closed, s.Backend.Close())
	})
	return s.closed
}

// await waits until the part can be started.
func (w Workload) await(ctx context.Context, stages *Stages) error {
	if w.Await == nil {
		return nil
	}
	return w.Await(ctx, stages)
}

// release gives the workload's address and all it has taken back.
func (w Workload) release() {
	w.Proxy.Close()
	if w.Release != nil {
		w.Release()
	}
}
