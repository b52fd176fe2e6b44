// Package fake has a provider whose sandboxes run nothing, for tests of what
// stands on sandboxes. It knows nothing of what is tested.
package fake

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
)

// Provider opens fake sandboxes, and counts them.
type Provider struct {
	Refuses error                        // what Offers says
	Fails   error                        // what Open says
	Hold    chan struct{}                // Open waits for it where it is not nil
	Sandbox *Sandbox                     // what is opened each time; where it is nil, one without parts
	OnApply func(workspace string) error // what Apply of those does; may be nil
	Env     []string                     // their environment
	Opened  atomic.Int32
	Closed  atomic.Int32
}

// Name is a word for the provider.
func (*Provider) Name() string { return "fake" }

// Offers says what the test wants.
func (p *Provider) Offers(context.Context, *labs.Lab) error { return p.Refuses }

// Close keeps nothing.
func (*Provider) Close() error { return nil }

// Open opens a sandbox, in one stage.
func (p *Provider) Open(ctx context.Context, request sandbox.Request) (sandbox.Sandbox, error) {
	p.Opened.Add(1)
	tell := request.Progress
	if tell == nil {
		tell = func(sandbox.Event) {}
	}
	tell(sandbox.Event{Stage: &sandbox.Stage{Name: "start Kafka"}})
	if p.Hold != nil {
		select {
		case <-p.Hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if p.Fails != nil {
		return nil, p.Fails
	}
	tell(sandbox.Event{Stage: &sandbox.Stage{Name: "start Kafka", Done: true, Took: time.Second}})
	s := p.Sandbox
	if s == nil {
		s = New()
		s.Env = p.Env
		if p.OnApply != nil {
			s.OnApply = func() error { return p.OnApply(request.Workspace) }
		}
	}
	s.closing = func() { p.Closed.Add(1) }
	return s, nil
}

// Sandbox is a sandbox whose parts are names with states.
type Sandbox struct {
	Env     []string     // what Environment says
	OnApply func() error // what Apply does; may be nil
	OnHeal  func() error // what Heal does before the part runs; may be nil

	closing  func() // tells the provider
	names    []string
	mu       sync.Mutex
	states   map[string]sandbox.State
	listens  func(sandbox.Event)
	healed   []string
	reloaded atomic.Int32
	closed   atomic.Int32
	kept     atomic.Int32
}

// New returns a sandbox with parts of those names, which run.
func New(names ...string) *Sandbox {
	s := &Sandbox{names: names, states: map[string]sandbox.State{}}
	for _, name := range names {
		s.states[name] = sandbox.Running
	}
	return s
}

// Parts lists the parts.
func (s *Sandbox) Parts() (parts []sandbox.Part) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range s.names {
		parts = append(parts, sandbox.Part{Name: name, Kind: name, State: s.states[name]})
	}
	return parts
}

// Become changes a part's state and tells of it.
func (s *Sandbox) Become(part string, state sandbox.State) {
	s.mu.Lock()
	s.states[part] = state
	s.mu.Unlock()
	s.Tell(sandbox.Event{Part: &sandbox.Part{Name: part, Kind: part, State: state}})
}

// Environment is Env.
func (s *Sandbox) Environment() []string { return s.Env }

// Apply does what the test wants.
func (s *Sandbox) Apply(context.Context) error { return call(s.OnApply) }

// Reload is counted.
func (s *Sandbox) Reload(context.Context) error { s.reloaded.Add(1); return nil }

// Fault pauses the part, whatever the fault.
func (s *Sandbox) Fault(_ context.Context, part string, _ sandbox.Fault) error {
	s.Become(part, sandbox.Paused)
	return nil
}

// Heal heals the part, unless the test wants otherwise.
func (s *Sandbox) Heal(_ context.Context, part string) error {
	s.mu.Lock()
	s.healed = append(s.healed, part)
	s.mu.Unlock()
	if err := call(s.OnHeal); err != nil {
		return err
	}
	s.Become(part, sandbox.Running)
	return nil
}

func call(f func() error) error {
	if f == nil {
		return nil
	}
	return f()
}

// Healed are the parts that were healed, in order.
func (s *Sandbox) Healed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.healed...)
}

// Snapshot and Restore are counted.
func (s *Sandbox) Snapshot(context.Context) error { s.kept.Add(1); return nil }

// Restore takes a snapshot back.
func (s *Sandbox) Restore(context.Context) error { s.kept.Add(-1); return nil }

// Snapshots is how many snapshots are kept.
func (s *Sandbox) Snapshots() int { return int(s.kept.Load()) }

// Reloads is how often the workspace was reloaded.
func (s *Sandbox) Reloads() int { return int(s.reloaded.Load()) }

// Closes is how often the sandbox was closed.
func (s *Sandbox) Closes() int { return int(s.closed.Load()) }

// Workbench is a shell that nobody starts.
func (s *Sandbox) Workbench(context.Context) (*sandbox.Workbench, error) {
	return &sandbox.Workbench{}, nil
}

// Tell tells who has subscribed.
func (s *Sandbox) Tell(e sandbox.Event) {
	s.mu.Lock()
	tell := s.listens
	s.mu.Unlock()
	if tell != nil {
		tell(e)
	}
}

// Log has no lines.
func (s *Sandbox) Log(string, int) []sandbox.Line { return nil }

// Subscribe tells one at a time: the last who asked.
func (s *Sandbox) Subscribe(f func(sandbox.Event)) func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listens = f
	return func() {}
}

// Close is counted.
func (s *Sandbox) Close() error {
	s.closed.Add(1)
	s.closing()
	return nil
}
