package sandbox

import (
	"context"
	"os/exec"
	"time"

	"cnalab/labs"
)

// Provider opens sandboxes of one kind. It is the one interface on the
// provider's side, because there are several and main picks.
type Provider interface {
	// Name is a word a person can choose: "embedded", "docker", "kind".
	Name() string
	// Offers returns nil where this provider can open the lab's sandbox on
	// this machine, else a *labs.Problem that says why not and what to do.
	Offers(ctx context.Context, lab *labs.Lab) error
	// Open brings all parts up, and returns when they answer. Progress goes
	// to request.Progress. On an error, or when ctx ends, nothing is left behind.
	// A service that does not build or start does not fail Open: its Part
	// says so.
	Open(ctx context.Context, request Request) (Sandbox, error)
	// Close ends what the provider keeps for later, such as a warm pool.
	Close() error
}

// Request asks for one learner's sandbox of one lab.
type Request struct {
	Lab       *labs.Lab
	Learner   string      // names the learner in labels and logs
	Workspace string      // absolute path of the learner's files; services are built from it
	Progress  func(Event) // told of stages while opening; may be nil
}

// Sandbox is an open sandbox. Its methods may be called from many goroutines.
type Sandbox interface {
	// Parts returns every part with its present state, needs first.
	Parts() []Part
	// Environment returns KEY=VALUE pairs for checks and terminals; see the
	// constants in package labs.
	Environment() []string
	// Apply makes the services run what the workspace holds now: it builds
	// what changed, restarts it and waits until it answers. Where nothing
	// changed it returns at once. An error is a *labs.Problem of kind
	// LearnerCode with the compiler's or the log's lines as Detail.
	Apply(ctx context.Context) error
	// Reload is Apply for a workspace that has just changed, where nobody waits
	// for a verdict: a service that ended by itself and whose code is the same
	// comes back in its own time.
	Reload(ctx context.Context) error
	// Fault breaks a part on purpose; it stays broken until Heal.
	Fault(ctx context.Context, part string, fault Fault) error
	// Heal undoes every fault of the part and waits until it answers.
	Heal(ctx context.Context, part string) error
	// Snapshot keeps what the parts have stored, in place of an earlier one,
	// until the sandbox closes. Nothing is restarted. An error is a
	// *labs.Problem, of kind BadInput where nothing is stored that could be kept.
	Snapshot(ctx context.Context) error
	// Restore goes back to the snapshot: the parts and the services that run
	// start again on what was stored then.
	Restore(ctx context.Context) error
	// Workbench makes a shell inside the sandbox, in the workspace and with the
	// tools of the labs. An error is a *labs.Problem, of kind BadInput where the
	// sandbox has no inside.
	Workbench(ctx context.Context) (*Workbench, error)
	// Log returns the last lines that the part has logged, oldest first.
	Log(part string, lines int) []Line
	// Subscribe calls f for each event from now on, one at a time, until
	// cancel. f must not block for long.
	Subscribe(f func(Event)) (cancel func())
	// Close ends every part and removes its data. It is safe to call twice.
	Close() error
}

// Workbench is a shell inside a sandbox, where parts reach each other by name.
// Only what runs in containers has an inside.
type Workbench struct {
	Command *exec.Cmd // is to be given a terminal; ends with the shell
	Close   func()    // removes what the shell ran in
}

// Fault is a way to break a part.
type Fault struct {
	Kind  labs.FaultKind
	Delay time.Duration // for Slow; a second where it is 0
}

// State is what a part is doing.
type State string

const (
	Starting State = "starting"
	Building State = "building"
	Running  State = "running"
	Paused   State = "paused"
	Slowed   State = "slow"
	Severed  State = "cut off"
	Stopped  State = "stopped"
	Crashed  State = "crashed"        // ended by itself; Say has why
	Broken   State = "does not build" // Detail has the compiler's lines
)

// Part is one piece of a sandbox: a broker, a database server, a service.
type Part struct {
	Name    string // "kafka", "postgres", or the service's name
	Kind    string // "kafka", "postgres" or "service"
	State   State
	Address string // HOST:PORT that the others reach it at
	Say     string // one sentence where State needs one
	Detail  string // lines below the sentence
}

// Stage is one named piece of work while a sandbox opens.
type Stage struct {
	Name string        // "start Kafka", "build the service order"
	Done bool          // it has ended
	Err  string        // why it failed, one sentence; empty where it did not
	Took time.Duration // how long it took, or has taken so far
}

// Line is one line that a part logged.
type Line struct {
	Part string
	Time time.Time
	Text string // as logged: JSON from services of ours, anything from a learner's
}

// Event is something that happened in a sandbox; exactly one field is set.
type Event struct {
	Stage *Stage
	Part  *Part
	Line  *Line
}
