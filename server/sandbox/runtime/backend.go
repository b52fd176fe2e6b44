package runtime

import (
	"context"
	"io"
	"time"

	"cnalab/server/sandbox"
	"cnalab/server/sandbox/part"
)

// Backend is where the parts of one sandbox run: processes of this machine,
// containers, nodes of a cluster.
type Backend interface {
	// Workloads returns where a part will run, and starts nothing. Most parts are
	// one workload; a cluster is one a node, and the engine itself none.
	Workloads(d part.Definition) ([]Workload, error)
	// Start brings up what is no part, such as a network, while parts that wait
	// for it are being started.
	Start(ctx context.Context, stages *Stages) error
	// Environment is what checks and terminals are told beside the parts'
	// addresses, as KEY=VALUE.
	Environment() []string
	// Folder is where the logs of parts go.
	Folder() string
	// Events takes what happens to parts.
	Events() *sandbox.EventBus
	// Closing says that the parts are about to be ended for good.
	Closing()
	// Close removes all that the backend has, when the parts have ended.
	Close() error
}

// Workload is where one part runs, whether it runs or not.
type Workload struct {
	Name, Kind string         // of the part, where they are not the definition's
	Proxy      Proxy          // the way to it
	Outside    part.Addresses // where this machine reaches it
	Inside     part.Addresses // where the other parts do
	// ListenAddress is the HOST:PORT that a program has to listen on.
	ListenAddress string
	// ProbeAddress is the HOST:PORT that this program alone reaches the part at,
	// whatever faults there are.
	ProbeAddress string
	// Ready returns nil once it answers, where the definition does not say how
	// to see that.
	Ready func(ctx context.Context) error
	// Await waits for what the backend brings up before the part can be started,
	// and fetches what its first start needs; may be nil. StartStage is what that
	// start is called; "start" and the part's name where it is empty.
	Await      func(ctx context.Context, stages *Stages) error
	StartStage string
	// Start starts it; what it prints goes to the writer.
	Start func(ctx context.Context, program Program, output io.Writer) (Process, error)
	// Prepare does what the next start can do without the program's file, before
	// that is built; may be nil. An error is the start's to tell.
	Prepare func(ctx context.Context, unbuilt Program)
	// Release gives back what the workload has taken; may be nil.
	Release func()
	// NoNetworkFaults is why its way can be neither slowed nor cut, as a
	// sentence; empty where it can.
	NoNetworkFaults string
	Store           Store // nil where it stores nothing that could be kept
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
	Dir  string // the service's own folder
	// Workspace is the learner's, which the program was built from and may read;
	// empty for a program of ours.
	Workspace string
	Env       []string // what a service is told, without what every program needs to run
	// Files are paths of this machine's files that the program can read, by the
	// variables that tell it where it has them.
	Files map[string]string

	problem error // why there is none
}

// Process is one start of a part: a process or a container, with all it has
// started itself.
type Process interface {
	// Done is closed when all of it is gone and what it printed passed on.
	Done() <-chan struct{}
	// Err says how it ended, once Done is closed: nil for a good end, a
	// part.LimitExceeded where it took more than it may.
	Err() error
	// Stop asks it to end, and kills it when the grace is over.
	Stop(grace time.Duration)
	Kill()
	// Pause freezes all of it. An error is a *labs.Problem: what it runs in
	// cannot freeze anything.
	Pause() error
	Resume()
}

// Proxy is the address of a part, which stays while the part comes and goes.
type Proxy interface {
	Address() string                // HOST:PORT on loopback
	Enable() error                  // connections get through
	Drain()                         // nobody new gets in; what there is may go on
	Disable()                       // refuses, and cuts what there is
	SetLatency(delay time.Duration) // every answer comes so much later; 0 ends it
	Close()                         // disabled for ever
}

// Address is the one address of a part with one port.
type Address string

// At is the address, whatever the port is called.
func (a Address) At(string) string { return string(a) }
