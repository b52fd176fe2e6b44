package runtime

import (
	"context"
	"io"
	"time"

	"cnalab/server/sandbox"
	"cnalab/server/sandbox/database"
)

// Ground is what a sandbox stands on: the parts that its lab needs, and where
// its services run. It is the same for every lab with these needs, and so can
// be started before anyone asks for it.
type Backend interface {
	// Parts returns the parts the lab needs, in order.
	Components() []*Component
	// Start brings up those that do not run yet, side by side.
	Start(ctx context.Context, stages *Stages) error
	// Databases is the started Postgres; nil where the lab needs none.
	Databases() *database.Server
	// Slot returns where a service will run; it starts nothing.
	Workload(service string) (Workload, error)
	// Inside is the address at which services reach a part; empty where there
	// is no such part.
	InternalAddress(part string) string
	// Folder is where the logs of parts go.
	Folder() string
	// Feed takes what happens to parts.
	Events() *sandbox.EventBus
	// Close ends the parts and removes their data.
	Close() error
}

// Slot is where one part runs, whether it runs or not.
type Workload struct {
	Proxy           Proxy
	ListenAddress   string                          // HOST:PORT to listen on
	Ready           func(ctx context.Context) error // nil once the part does
	Start           func(Program, io.Writer) (Process, error)
	Prepare         func() // what the next start can do without its program, while that is built; may be nil
	Release         func() // gives back what the slot has taken
	NoNetworkFaults string // why its link can be neither slowed nor cut, as a sentence; empty where it can
	Store           Store  // nil where the part stores nothing that could be kept
}

// Store is what a part has on its disk.
type Store interface {
	// Snapshot keeps what is stored now, in place of what was kept before. The
	// part stands still meanwhile.
	Snapshot(ctx context.Context) error
	// Restore puts what was kept in place of what is stored now. The part does
	// not run meanwhile.
	Restore(ctx context.Context) error
}

// Program is what a service runs.
type Program struct {
	Path string // an executable file of this machine
	Args []string
	Dir  string   // the service's own folder
	Env  []string // what a service is told, without what every program needs to run

	problem error // why there is none
}

// Process is one start of a part: a process or a container, with all it has
// started itself.
type Process interface {
	// Done is closed when all of it is gone and what it printed passed on.
	Done() <-chan struct{}
	// Err says how it ended, once Done is closed: nil for a good end, an
	// Excess where it took more than it may.
	Err() error
	// Stop asks it to end, and kills it when the grace is over.
	Stop(grace time.Duration)
	Kill()
	// Pause freezes all of it. An error is a *labs.Problem: what it runs in
	// cannot freeze anything.
	Pause() error
	Resume()
}

// Excess is the error of a process that was ended because it took more than it
// may: what it did, without its name.
type LimitExceeded string

// Error says what it did.
func (e LimitExceeded) Error() string { return string(e) }

// Gate is the address of a part, which stays while the part comes and goes.
type Proxy interface {
	Address() string                // HOST:PORT on loopback
	Enable() error                  // connections get through
	Drain()                         // nobody new gets in; what there is may go on
	Disable()                       // refuses, and cuts what there is
	SetLatency(delay time.Duration) // every answer comes so much later; 0 ends it
	Close()                         // shut for ever
}
