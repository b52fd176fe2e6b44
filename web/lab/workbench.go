package lab

import "time"

// Workbench is the right-hand side of the page.
type Workbench struct {
	Files         Files
	WorkspaceMenu WorkspaceMenu
	Sandbox       Sandbox
	Log           Log
	Terminal      Terminal
}

// Files is the learner's workspace; id "tree".
type Files struct {
	At
	Paths []string // below the workspace, with slashes, in any order
	Open  *File    // the file to show first; nil shows none
}

// File is one file with its text.
type File struct {
	Path string
	Text string
	ETag string // as the files endpoint sends it, quotes included
}

// WorkspaceMenu is what can be done to the whole workspace; id "workspace-menu".
type WorkspaceMenu struct {
	At
	File string // the open file, for its reset; empty where none is open
	Undo string // what an undo takes back, as a sentence's object; empty where nothing can be undone
	Redo string // what was undone and can be done again; empty where nothing can
	// FastForward is set where steps before this one have not passed, so that
	// their solutions can be put over the workspace.
	FastForward bool
	Folder      string // where the workspace is on this machine
}

// SandboxState is how far a sandbox is.
type SandboxState string

// The states of a sandbox.
const (
	Closed  SandboxState = "closed"
	Opening SandboxState = "opening"
	Open    SandboxState = "open"
	Failed  SandboxState = "failed"
	Closing SandboxState = "closing"
	None    SandboxState = "none" // the lab needs no sandbox
)

// Sandbox is the real parts below the lab; ids "status" (in the header),
// "stages" and "parts".
type Sandbox struct {
	At
	State      SandboxState
	Provider   string    // what runs it: "embedded"; empty while it is closed
	Since      time.Time // when it opened; shown while State is Open
	Stages     []Stage
	Parts      []Part
	Holds      []string      // the kinds of parts whose content goes when it closes
	SnapshotAt time.Time     // when a snapshot was taken; zero where there is none
	Took       time.Duration // how long it took to open, where it is open
	Say        string        // why it failed
	Next       string
	Detail     string
}

// Stage is one named piece of work while a sandbox opens.
type Stage struct {
	Name string // "start Kafka", "build the service order"
	Done bool
	Say  string // why it failed; empty where it did not
	Took time.Duration
}

// Part is one piece of a sandbox, which the learner can break and heal.
type Part struct {
	Name    string
	Kind    string // "kafka", "postgres" or "service"
	State   string // "starting", "building", "running", "paused", "slow", "cut off", "stopped", "crashed", "does not build"
	Address string
	Say     string
	Detail  string
	Faults  []string // the kinds that can be asked for: "pause", "slow", "cut", "stop", "kill", "restart"
	Faulted bool     // a fault is in place, so that it can be healed
}

// Terminal is what a shell of this lab is told of, whether or not its sandbox is open.
type Terminal struct {
	Variables []string // in which it finds the sandbox's parts
	Kinds     []string // of the parts that a learner works with
}

// Log is what the parts say; id "log". Later lines come as events.
type Log struct {
	None  bool     // the lab has no sandbox, so that nothing will ever come
	Parts []string // those that a learner can choose from
	Lines []Line   // oldest first
}

// Line is one line that a part logged.
type Line struct {
	Part string
	Time time.Time
	Text string
}
