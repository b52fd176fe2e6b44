// Package mutants draws what became of a lab's mutants: for each step, what the
// checks let pass, what was found to be no fault, and what they caught. It
// knows nothing of how a solution is broken.
package mutants

import (
	"time"

	"cnalab/web/page"
)

// Page is a lab's mutants as its author sees them.
type Page struct {
	Shell   page.Shell
	Lab     string // its number and title, "040 Event-driven architecture"
	URL     string // the lab's own page
	Command string // which tries them
	Steps   []Step // those that were tried, in order
}

// Step is what became of a step's mutants.
type Step struct {
	Number     int
	Title      string
	Tried      time.Time
	All        int      // mutants there are; more than are listed where a sample was tried
	LetPass    []Mutant // by every check, and without a reason
	NoFault    []Mutant // with a reason
	Caught     []Mutant
	Stale      []string // names with a reason that are no mutants, or are caught
	Percentage float64  // of those that are a fault, how many were caught
}

// Mutant is a solution with one small fault.
type Mutant struct {
	Name string // "outbox.go Relay: condition negated: err != nil → err == nil"
	Kind string // "condition negated"
	At   string // "outbox.go:41"
	Diff string // the lines that differ, each with - or + before it
	Why  string // what caught it, or why it is no fault
}

// tried is how many were.
func (s Step) tried() int { return len(s.LetPass) + len(s.NoFault) + len(s.Caught) }
