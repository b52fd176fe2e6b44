// Package mutate shows what a lab's checks let pass: it breaks each step's
// solution in many small ways, one at a time, and asks the checks of that step
// and of those before. A mutant that they all let pass has survived, and stands
// for a wrong answer that a learner would be praised for. It knows nothing of
// how code is broken, which is package mutant, nor of pages.
package mutate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cnalab/labs"
	"cnalab/server/testbed"
)

// Config says what to try mutants with. Programs must not be isolated: all
// mutants are in one, which is told by a file which of them it is, and tells by
// files what it comes to. They are the author's own, and nobody's hand-in.
type Config struct {
	testbed.Config
	Jobs   int // sandboxes at a time; less than 1 means 1
	Sample Sample
}

// Outcome is what became of a mutant.
type Outcome string

const (
	Caught   Outcome = "caught"   // a check said something other than passed
	Survived Outcome = "survived" // every check passed
	Equal    Outcome = "equal"    // it is recorded as no fault, and every check passed
)

// Result is one mutant, and what became of it.
type Result struct {
	ID      string        `json:"id"`
	Kind    string        `json:"kind"`
	At      string        `json:"at"`   // "order/order.go:41"
	Diff    string        `json:"diff"` // the lines that differ, with - and +
	Outcome Outcome       `json:"outcome"`
	Reached bool          `json:"reached"`          // some check comes to its function
	By      string        `json:"by,omitempty"`     // the check that caught it
	Say     string        `json:"say,omitempty"`    // what that said
	Reason  string        `json:"reason,omitempty"` // why it is no fault
	Took    time.Duration `json:"took"`
}

// Step is what became of a step's mutants.
type Step struct {
	Number  int       `json:"step"`
	Tried   time.Time `json:"tried"`
	All     int       `json:"all"` // mutants there are: more than results where a sample was tried
	Results []Result  `json:"results"`
	// Stale are recorded reasons that name no mutant that survives any more.
	Stale []string `json:"stale"`
}

// Count is how many of a step's mutants came to each outcome.
type Count struct{ Caught, Survived, Equal int }

// Count counts the step's mutants.
func (s Step) Count() (c Count) {
	for _, result := range s.Results {
		switch result.Outcome {
		case Caught:
			c.Caught++
		case Equal:
			c.Equal++
		default:
			c.Survived++
		}
	}
	return c
}

// Percent is how many of a hundred that are a fault were caught.
func (c Count) Percent() float64 {
	return 100 * float64(c.Caught) / float64(max(1, c.Caught+c.Survived))
}

// Good reports whether every mutant was caught or has a reason, and every
// reason a mutant.
func (s Step) Good() bool { return len(s.Stale) == 0 && s.Count().Survived == 0 }

// Report is what became of all mutants of a lab, or of some of its steps.
type Report struct {
	Lab   string `json:"lab"`
	Steps []Step `json:"steps"`
}

// Good reports whether each step is.
func (r Report) Good() bool {
	return !slices.ContainsFunc(r.Steps, func(s Step) bool { return !s.Good() })
}

// Lab tries the mutants of the steps, all where none is named, and tells
// progress of each as it is known, one call at a time. An error means that they
// could not be tried.
func Lab(ctx context.Context, config Config, lab *labs.Lab, steps []int, progress func(step int, r Result)) (Report, error) {
	report := Report{Lab: lab.Folder}
	for _, step := range lab.Steps {
		if len(steps) > 0 && !slices.Contains(steps, step.Number) {
			continue
		}
		s := &stepRun{Config: config, lab: lab, number: step.Number, progress: progress}
		if err := s.run(ctx); err != nil {
			return report, fmt.Errorf("mutants of step %d: %w", step.Number, err)
		}
		report.Steps = append(report.Steps, Step{Number: step.Number, Tried: time.Now(), All: len(s.all), Results: s.results, Stale: s.stale()})
	}
	return report, nil
}
