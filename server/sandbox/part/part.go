// Package part says what a part of a sandbox is: which program or image it
// runs, where it listens, how one sees that it is ready, what it stores, and
// what the others are told of it. A backend executes definitions and knows no
// kind by name; each kind is a folder below. The package starts nothing, and
// knows nothing of processes, containers or the engine.
package part

import (
	"context"
	"io/fs"
	"time"

	"cnalab/labs"
	"cnalab/labs/process"
)

// Kind makes the definitions of a kind's parts.
type Kind struct {
	Name string // as in lab.yaml
	// Available returns nil where this machine has what a process of the kind
	// takes, else a *labs.Problem; nil where nothing is needed.
	Available func(ctx context.Context) error
	// Account is who has to run a process of the kind, and owns what it stores:
	// nil, or one that is nil, for ourselves. An error is a *labs.Problem.
	Account func() (*process.Account, error)
	// Release gives back what a process of the kind that was killed has left
	// outside its folder; may be nil. The folder may be of another kind.
	Release func(data string)
	// Define makes the definitions of one part, for one sandbox: one, or one a
	// replica. folder is the lab's.
	Define func(p labs.Part, folder string) []Definition
}

// Definition is one part of one sandbox. Functions may be called from many
// goroutines; what they remember concerns this sandbox alone.
type Definition struct {
	Name  string   // unique in the sandbox; also the name the others reach it by
	Kind  string   // as in lab.yaml
	After []string // parts that have to answer before it is started

	// What it runs; a backend takes the one that it can.
	Program   *Program   // one of our own programs, or the learner's
	Process   *Process   // on this machine
	Container *Container // in an engine
	Engine    bool       // the engine itself, for the learner's own containers
	Cluster   *Cluster   // a cluster, whose nodes are the parts

	TLS          bool              // it serves TLS, with a certificate of the sandbox's own authority
	Database     string            // the database that it owns, of any part; empty for none
	ToldOf       []string          // the databases whose URLs it is told by their names, beside the one that it owns
	Env          map[string]string // what its program is told beside the sandbox's addresses
	StartStage   string            // names its start: "start Kafka"
	StartTimeout time.Duration     // from its start until it answers

	// Ready returns nil once the part at HOST:PORT answers; nil where accepting
	// connections is enough.
	Ready func(ctx context.Context, address string) error
	// Provision makes what others will want of the part, when it has answered
	// for the first time; ProvisionStage names the work. Nil where there is none.
	Provision      func(ctx context.Context, address string) error
	ProvisionStage string
	// Variables are what everybody is told of the part, as KEY=VALUE.
	Variables func(at Addresses) []string
	// ListVariable is the variable that lists the first of these of all replicas
	// of the part, joined by commas; empty where there is but one.
	ListVariable string
	// Databases are the connection URLs of its databases at HOST:PORT, by name:
	// for checks, and each for the part that owns it.
	Databases func(address string) map[string]string
}

// Needed is what a sandbox that cannot run the part lacks, in a person's words.
func (d Definition) Needed() string {
	if d.Name == d.Kind {
		return d.Kind
	}
	return "a " + d.Kind + " (" + d.Name + ")"
}

// Addresses are where a part is reached, from one side.
type Addresses interface {
	// At is the HOST:PORT of the named port; of the first where name is empty.
	At(name string) string
}

// Program is a program that is built before it runs.
type Program struct {
	Folder  string // below the workspace, for the learner's own; else
	Fixture string // which fixture
}

// Learner reports whether it is the learner's own code.
func (p *Program) Learner() bool { return p != nil && p.Folder != "" }

// Process is a part as a process of this machine.
type Process struct {
	// Command is what to run; it is asked before each start.
	Command func(ctx context.Context, h Host) (Command, error)
	Stores  bool // it keeps data in its folder, which outlives its end
}

// Host is where a process will run.
type Host interface {
	Listen() string  // HOST:PORT that it has to listen on
	Address() string // HOST:PORT that the others reach it at
	Data() string    // path of a folder of its own, which is not made yet
	Cache() string   // path of a folder that all parts of the kind share, for good
	// Folder makes a folder, with those above it, that is removed where this
	// program is killed.
	Folder(path string, mode fs.FileMode) error
	// Account is who runs it; nil for ourselves.
	Account() *process.Account
	// Run runs a command as that account to its end, and returns what it printed.
	Run(ctx context.Context, c Command) (output string, err error)
}

// Command is a program with its arguments. Where Path is empty it is the
// fixtures' program.
type Command struct {
	Path string
	Args []string
	Dir  string
	Env  []string // the whole environment; a small one where it is nil
	// Interrupt has it asked to end by SIGINT instead of SIGTERM.
	Interrupt bool
}

// Container is a part as a container.
type Container struct {
	Image     string
	Ports     []Port                      // the first one that this machine reaches is the part's address
	Command   func(at Addresses) []string // what it runs; the image's own where nil
	Env       map[string]string
	Files     map[string]string // path of this machine's file, by its path in the container
	Signal    string            // asks it to end: "TERM"
	Memory    int64             // bytes; the backend's own bound where 0
	Stores    bool              // what it has written outlives its end
	ImageUser bool              // it runs as the image's user, with an engine's usual rights
	// Started is called after each start, with a way to run commands in the
	// container; may be nil. It ends with ctx at the latest.
	Started func(ctx context.Context, run func(ctx context.Context, command ...string) error)
}

// Port is one that a container listens on.
type Port struct {
	Name     string
	Number   int
	Exposure Exposure
}

// Exposure says who reaches a port.
type Exposure int

// Who reaches a port.
const (
	Everybody Exposure = iota // the other parts, and this machine
	Network                   // the other parts alone
	Machine                   // this machine alone
)

// Cluster is what a cluster is made of.
type Cluster struct {
	Workers int // beside the one control plane
}

// LimitExceeded is the error of what was ended because it took more than it
// may: what it did, without its name.
type LimitExceeded string

// Error says what it did.
func (e LimitExceeded) Error() string { return string(e) }
