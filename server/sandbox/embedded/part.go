package embedded

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/embedded/child"
	"cnalab/server/sandbox/embedded/gate"
	"cnalab/server/sandbox/embedded/journal"
)

// How long a part may take to answer after its start, and to end in good
// order before it is killed.
const (
	startLimit  = 10 * time.Second
	stopGrace   = 5 * time.Second
	changeGrace = 2 * time.Second // of an old program, when its code has changed
	closeGrace  = 500 * time.Millisecond
)

// part is one process behind a gate. Whatever changes it takes its turn
// first, so that one change at a time is under way.
type part struct {
	name, kind string
	private    string // where the process listens
	gate       *gate.Gate
	journal    *journal.Journal
	publish    func(sandbox.Event)
	command    func() (child.Spec, error)      // what to run now
	answers    func(ctx context.Context) error // nil once the process does

	turn chan struct{}   // held by whoever changes the part
	life context.Context // ends with the part
	end  context.CancelFunc

	mu      sync.Mutex
	state   sandbox.State
	say     string
	detail  string
	fault   labs.FaultKind // pause, stop or kill; "" where none
	slow    bool
	running *run
	tries   int  // starts that ended soon, one after another
	given   bool // not the learner's own code
}

// run is one start of a part's process.
type run struct {
	process *child.Process
	began   time.Time
	wanted  bool          // its end is: nobody restarts it
	ready   chan struct{} // closed when it answers
}

// newPart makes a part that is not running yet. Its log is in folder.
func newPart(name, kind, folder string, publish func(sandbox.Event)) (*part, error) {
	private, err := gate.Reserve()
	if err != nil {
		return nil, err
	}
	g, err := gate.New(private)
	if err != nil {
		gate.Release(private)
		return nil, err
	}
	p := &part{name: name, kind: kind, private: private, gate: g, publish: publish,
		turn: make(chan struct{}, 1), state: sandbox.Starting}
	p.answers = p.accepts
	p.journal = journal.New(name, filepath.Join(folder, name+".log"), func(l sandbox.Line) { publish(sandbox.Event{Line: &l}) })
	p.life, p.end = context.WithCancel(context.Background())
	return p, nil
}

// take waits for the part's turn.
func (p *part) take(ctx context.Context) (release func(), err error) {
	select {
	case p.turn <- struct{}{}:
		return func() { <-p.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.life.Done():
		return nil, gone()
	}
}

// lifelong is ctx, ended with the part at the latest.
func (p *part) lifelong(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(p.life, cancel)
	return ctx, func() { stop(); cancel() }
}

func gone() error {
	return &labs.Problem{Kind: labs.Sandbox, Say: "The sandbox is closed.", Next: "Open it again."}
}

// set changes the part's state and tells who watches.
func (p *part) set(state sandbox.State, say, detail string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == state && p.say == say && p.detail == detail {
		return
	}
	p.state, p.say, p.detail = state, say, detail
	p.tell()
}

// awake is the state of a part that answers.
func (p *part) awake() sandbox.State {
	if p.slow {
		return sandbox.Slowed
	}
	return sandbox.Running
}

func (p *part) tell() {
	now := p.now()
	p.publish(sandbox.Event{Part: &now})
}

func (p *part) now() sandbox.Part {
	return sandbox.Part{Name: p.name, Kind: p.kind, State: p.state, Address: p.gate.Address(), Say: p.say, Detail: p.detail}
}

// snapshot is the part as it is now.
func (p *part) snapshot() sandbox.Part {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now()
}
