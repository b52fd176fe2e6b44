package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"
	"cnalab/server/sandbox/embedded/gate"
	"cnalab/server/sandbox/embedded/journal"
	"cnalab/server/sandbox/embedded/process"
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
	command    func() (process.Spec, error)    // what to run now
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
	process *process.Process
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

// accepts is the plain meaning of "it answers": it accepts connections.
func (p *part) accepts(ctx context.Context) error {
	conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", p.private)
	if err != nil {
		return err
	}
	return conn.Close()
}

// start runs the process and waits until it answers. The turn is held.
func (p *part) start(ctx context.Context) error {
	spec, err := p.command()
	if err != nil {
		return err
	}
	p.set(sandbox.Starting, "", "")
	started, err := process.Start(spec)
	if err != nil {
		p.set(sandbox.Crashed, p.name+" does not start.", "")
		return &labs.Problem{Kind: labs.Machine, Say: p.name + " does not start.", Next: "The server's log has the cause.", Err: err}
	}
	r := &run{process: started, began: time.Now(), ready: make(chan struct{})}
	p.mu.Lock()
	p.running, p.fault = r, ""
	p.mu.Unlock()
	go p.admit(r)
	go p.attend(r)
	return p.await(ctx, r)
}

// admit opens the gate as soon as the process answers.
func (p *part) admit(r *run) {
	if p.poll(r) != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != r || r.wanted {
		return // it is on its way out already
	}
	if err := p.gate.Open(); err != nil {
		p.say = "Its address is taken by another program."
		p.tell()
		return
	}
	close(r.ready)
	if p.fault == "" {
		p.state, p.say, p.detail = p.awake(), "", ""
		p.tell()
	}
}

// poll asks until the process answers, ends, or the part does.
func (p *part) poll(r *run) error {
	for pause := 2 * time.Millisecond; ; pause = min(pause*3/2, 100*time.Millisecond) {
		if p.answers(p.life) == nil {
			return nil
		}
		select {
		case <-r.process.Done():
			return errors.New("it ended")
		case <-p.life.Done():
			return p.life.Err()
		case <-time.After(pause):
		}
	}
}

// await waits until the process answers, and says why it does not.
func (p *part) await(ctx context.Context, r *run) error {
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	select {
	case <-r.ready:
		return nil
	case <-r.process.Done():
		return p.ended(r)
	case <-ctx.Done():
		return ctx.Err()
	case <-p.life.Done():
		return gone()
	case <-limit.C:
		say := fmt.Sprintf("%s runs, but nothing listens on its address.", p.name)
		p.set(sandbox.Starting, say, "")
		return &labs.Problem{Kind: p.blame(), Say: say, Next: "Listen on the address in the variable ADDR.", Detail: p.lastWords()}
	}
}

// ended is the problem of a process that has ended by itself.
func (p *part) ended(r *run) *labs.Problem {
	return &labs.Problem{Kind: p.blame(), Say: p.obituary(r), Next: "Look at its last lines below.",
		Detail: p.lastWords(), Err: r.process.Err()}
}

func (p *part) obituary(r *run) string {
	if err := r.process.Err(); err != nil {
		return fmt.Sprintf("%s ended by itself: %v.", p.name, err)
	}
	return p.name + " ended by itself."
}

// blame tells whose fault it is when the part does not run.
func (p *part) blame() labs.Kind {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kind == service && !p.given {
		return labs.LearnerCode
	}
	return labs.Sandbox
}

// lastWords is what a person needs of the log to see why a part ended.
func (p *part) lastWords() string {
	var lines []string
	for _, l := range p.journal.Last(30) {
		lines = append(lines, l.Text)
	}
	return strings.Join(lines, "\n")
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

// basics is the environment every process of ours has: what a program needs
// to run at all, and none of the server's own.
func basics() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "TZ", "USERPROFILE", "LOCALAPPDATA", "TEMP", "TMP"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
