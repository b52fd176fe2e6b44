// Package lab draws the lab page: the step's text, the workbench with
// editor, checks, logs and sandbox, and the result bar below them. Each piece that changes
// while the page is open is a component with an id of its own, so that the
// server can send it again. The package knows nothing of labs on disk,
// sandboxes or how work is checked.
package lab

import (
	"time"

	"cnalab/web/page"
)

// Page is the whole lab page for one step.
type Page struct {
	Shell     page.Shell
	Heading   Heading
	Stepper   Stepper
	Text      Text
	Workbench Workbench
	ResultBar ResultBar
	Notice    Notice
	WhyClosed Notice // why the sandbox is closed; empty where the learner wanted that
}

// At is the step that a piece of the page belongs to. Addresses are made of it.
type At struct {
	Lab  string // "event-driven"
	Step int
}

// Heading says which lab this is.
type Heading struct {
	Number  string // "040"
	Title   string
	Summary string
	// Planned is set for a lab that is described but not yet written. The page
	// then shows nothing but that and the summary.
	Planned bool
}

// Stepper is the way through the lab, one link for each step; id "stepper".
type Stepper struct {
	At
	Steps   []StepperStep
	Minutes int
}

// StepperStep is one step of the stepper.
type StepperStep struct {
	Number  int
	Title   string
	Verdict Verdict // of its last check; empty where it was never checked
}

// Text is what the learner reads.
type Text struct {
	At
	Title string
	// HTML is the step's text as trusted HTML: links to files are
	// <a href="file:order/main.go">, code blocks have chroma's classes.
	HTML         string
	Words        []Word // the new words of the lab so far, in the order in which they were met
	Untranslated bool   // shown in English because the step has no other text
	Hints        Hints
	Solution     Solution
	Before, Next *StepLink // the steps around this one; nil at the ends
}

// Word is a word that a step has explained.
type Word struct {
	Name  string
	Means string
	Link  string // its documentation; empty where none is named
}

// StepLink is a step to go to.
type StepLink struct {
	Number int
	Title  string
}

// Hints are nudges that the learner asks for one at a time; id "hints".
type Hints struct {
	At
	Shown []Hint
	Total int
}

// Hint is one nudge.
type Hint struct {
	Title string
	HTML  string
}

// Solution is our way of doing the step; id "solution".
type Solution struct {
	At
	Shown bool   // the learner passed the step or asked to see it
	Typed string // the commands to type, where the step is typed and not edited
	Files []SolutionFile
}

// SolutionFile is one file of a solution.
type SolutionFile struct {
	Path   string
	Change Change
	HTML   string // its text with chroma's classes, or the lines that differ
}

// Change is what a solution does to a file.
type Change string

// The changes a solution can make.
const (
	Added   Change = "new"
	Edited  Change = "changed"
	Removed Change = "removed"
)

// Notice is one sentence about something that the page did, with a way back
// where there is one; id "notice". An empty Say shows nothing.
type Notice struct {
	At
	Say    string
	Next   string
	Detail string
	Undo   bool // offers to undo the last reset or fast-forward
}

// Verdict is what a check says, or that it is still looking.
type Verdict string

// The verdicts, and the states before one.
const (
	Unchecked     Verdict = ""
	Checking      Verdict = "checking"
	Passed        Verdict = "passed"
	NotYet        Verdict = "not yet"
	CouldNotCheck Verdict = "could not check"
)

// ResultBar is the check button and what came of the last check; ids
// "result-bar" and, with got and want of every check, "verdicts".
type ResultBar struct {
	At
	Verdict  Verdict // of the step; Checking while checks run
	Checks   []Check // all checks of the step, before a check too
	Doing    Doing   // what goes on before the checks, while Verdict is Checking
	Part     string  // the part that it is done to
	Say      string  // the one sentence where no check says it: a compile error, a lost sandbox
	Next     string
	Detail   string
	NextStep *StepLink // the next step to do, once this one passed; nil where all have

	Isolation string // what kept the learner's code from the checks; empty where none ran
	Cancelled bool   // the last check was taken back by the learner
}

// Doing is what goes on before the checks run; empty while they run.
type Doing string

// What can go on before the checks.
const (
	Opens    Doing = "opens the sandbox"
	Heals    Doing = "heals"
	Builds   Doing = "builds"
	Compiles Doing = "compiles"
)

// Check is one check and what it found.
type Check struct {
	Title   string
	Verdict Verdict
	Say     string
	Got     string
	Want    string
	At      string // "order/outbox.go:41", below the workspace
	Next    string
	Output  string
	Took    time.Duration
}
