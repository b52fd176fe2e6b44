package box

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/journal"
)

// How long a part may take to answer after its start, and to end in good
// order before it is killed.
const (
	startLimit  = 10 * time.Second // of a service
	needLimit   = 45 * time.Second // of what a lab needs, which is not the learner's to hurry
	stopGrace   = 5 * time.Second
	changeGrace = 2 * time.Second // of an old program, when its code has changed
	closeGrace  = 500 * time.Millisecond
)

// Part is one process or container behind a gate. Whatever changes it takes
// its turn first, so that one change at a time is under way.
type Part struct {
	name, kind string
	slot       Slot
	program    func() (Program, error) // what to run now
	journal    *journal.Journal
	publish    func(sandbox.Event)

	up   chan struct{}   // closed when the part has answered once
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
	process Process
	began   time.Time
	wanted  bool          // its end is: nobody restarts it
	ready   chan struct{} // closed when it answers
}

// NewPart makes a part that is not running yet. Its log is in folder; what it
// is to run, program says when it starts.
func NewPart(name, kind, folder string, slot Slot, feed *sandbox.Feed, program func() (Program, error)) *Part {
	p := &Part{name: name, kind: kind, slot: slot, program: program, publish: feed.Publish,
		up: make(chan struct{}), turn: make(chan struct{}, 1), state: sandbox.Starting}
	p.journal = journal.New(name, filepath.Join(folder, name+".log"), func(l sandbox.Line) { p.publish(sandbox.Event{Line: &l}) })
	p.life, p.end = context.WithCancel(context.Background())
	return p
}

// limit is how long the part may take to answer.
func (p *Part) limit() time.Duration {
	if p.kind == service {
		return startLimit
	}
	return needLimit
}

// Name is the part's name.
func (p *Part) Name() string { return p.name }

// take waits for the part's turn.
func (p *Part) take(ctx context.Context) (release func(), err error) {
	select {
	case p.turn <- struct{}{}:
		return func() { <-p.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.life.Done():
		return nil, Gone()
	}
}

// lifelong is ctx, ended with the part at the latest.
func (p *Part) lifelong(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(p.life, cancel)
	return ctx, func() { stop(); cancel() }
}

// Gone is the error of a sandbox that is closed.
func Gone() error {
	return &labs.Problem{Kind: labs.Sandbox, Say: "The sandbox is closed.", Next: "Open it again."}
}

// set changes the part's state and tells who watches.
func (p *Part) set(state sandbox.State, say, detail string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == state && p.say == say && p.detail == detail {
		return
	}
	p.state, p.say, p.detail = state, say, detail
	p.tell()
}

// awake is the state of a part that answers.
func (p *Part) awake() sandbox.State {
	if p.slow {
		return sandbox.Slowed
	}
	return sandbox.Running
}

func (p *Part) tell() {
	now := p.now()
	p.publish(sandbox.Event{Part: &now})
}

func (p *Part) now() sandbox.Part {
	return sandbox.Part{Name: p.name, Kind: p.kind, State: p.state, Address: p.slot.Gate.Address(), Say: p.say, Detail: p.detail}
}

// Snapshot is the part as it is now.
func (p *Part) Snapshot() sandbox.Part {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now()
}
