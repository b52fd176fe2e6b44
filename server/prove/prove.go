// Package prove shows that a lab's checks tell right from wrong: in a fresh
// sandbox, each step is not yet before its solution and passed after it. It
// knows nothing of desks and pages; it is given a provider and a grader.
package prove

import (
	"context"
	"errors"
	"time"

	"cnalab/labs"
	"cnalab/server/grade"
	"cnalab/server/sandbox"
)

// Config says what to prove with.
type Config struct {
	Provider sandbox.Provider
	Grader   *grade.Grader
	Root     string                                             // the module's root, where go.mod is
	Temp     string                                             // where workspaces are laid; empty means the system's
	Module   func(root string) (goMod, goSum []byte, err error) // the workspace's module files
}

// Result is a lab's proof: everything that was tried, and what broke it.
type Result struct {
	Lab      string
	Trials   []Trial
	Failures []string // one for each trial that came out otherwise; none is a proof
	Took     time.Duration
}

// Trial is one run of a step's checks on a known workspace.
type Trial struct {
	Lab    string
	Step   int
	Name   string // "before", "after", "again", "wrong/lost-key", "right/other", "at the end"
	Want   labs.Verdict
	Report labs.Report
	Took   time.Duration
}

// Lab proves one lab, and tells progress of each trial as it ends. An error
// means that the proof could not be made; a broken proof is in the Result.
func Lab(ctx context.Context, config Config, lab *labs.Lab, progress func(Trial)) (Result, error) {
	return Result{}, errors.New("not yet")
}
