package runtime

import (
	"cmp"
	"context"
	"path/filepath"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/logbuffer"
	"cnalab/server/sandbox/part"
)

// How long a part may take to end in good order before it is killed.
const (
	stopGrace   = 5 * time.Second
	changeGrace = 2 * time.Second // of an old program, when its code has changed
	closeGrace  = 500 * time.Millisecond
)

// Component is one part on its workload, behind a proxy. Whatever changes it
// locks it first, so that one change at a time is under way.
type Component struct {
	name, kind string
	definition part.Definition
	workload   Workload
	program    func() (Program, error) // what to run now
	logs       *logbuffer.Buffer
	publish    func(sandbox.Event)

	started chan struct{}   // closed when the part has answered once
	busy    chan struct{}   // held by whoever changes the part
	ctx     context.Context // ends with the part
	cancel  context.CancelFunc

	mu       sync.Mutex
	state    sandbox.State
	message  string
	detail   string
	fault    labs.FaultKind // pause, stop or kill; "" where none
	slowed   bool
	running  *run
	restarts int // starts that ended soon, one after another
}

// run is one start of a part's process.
type run struct {
	process  Process
	began    time.Time
	expected bool          // its end is: nobody restarts it
	ready    chan struct{} // closed when it answers
}

// NewComponent makes a part that is not running yet. Its log is in the backend's
// folder; what it is to run, program says when it starts.
func NewComponent(d part.Definition, w Workload, b Backend, program func() (Program, error)) *Component {
	p := &Component{name: cmp.Or(w.Name, d.Name), kind: cmp.Or(w.Kind, d.Kind), definition: d, workload: w, program: program,
		publish: b.Events().Publish, started: make(chan struct{}), busy: make(chan struct{}, 1), state: sandbox.Starting}
	p.logs = logbuffer.New(p.name, filepath.Join(b.Folder(), p.name+".log"), func(l sandbox.Line) { p.publish(sandbox.Event{Line: &l}) })
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// ready returns nil once the part answers.
func (p *Component) ready(ctx context.Context) error {
	if p.definition.Ready != nil {
		return p.definition.Ready(ctx, p.workload.ProbeAddress)
	}
	return p.workload.Ready(ctx)
}

// Name is the part's name.
func (p *Component) Name() string { return p.name }

// lock waits for the lock of the part.
func (p *Component) lock(ctx context.Context) (release func(), err error) {
	select {
	case p.busy <- struct{}{}:
		return func() { <-p.busy }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.ctx.Done():
		return nil, ErrClosed()
	}
}

// withLifetime is ctx, ended with the part at the latest.
func (p *Component) withLifetime(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(p.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// ErrClosed is the error of a sandbox that is closed.
func ErrClosed() error {
	return &labs.Problem{Kind: labs.Sandbox, Say: "The sandbox is closed.", Next: "Open it again."}
}

// set changes the part's state and tells who watches.
func (p *Component) set(state sandbox.State, say, detail string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == state && p.message == say && p.detail == detail {
		return
	}
	p.state, p.message, p.detail = state, say, detail
	p.notify()
}

// runningState is the state of a part that answers.
func (p *Component) runningState() sandbox.State {
	if p.slowed {
		return sandbox.Slowed
	}
	return sandbox.Running
}

func (p *Component) notify() {
	now := p.snapshot()
	p.publish(sandbox.Event{Part: &now})
}

func (p *Component) snapshot() sandbox.Part {
	return sandbox.Part{Name: p.name, Kind: p.kind, State: p.state, Address: p.workload.Proxy.Address(), Say: p.message, Detail: p.detail}
}

// Snapshot is the part as it is now.
func (p *Component) Snapshot() sandbox.Part {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.snapshot()
}
