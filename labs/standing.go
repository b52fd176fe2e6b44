package labs

import "time"

// Standing is what is remembered of one learner's work on a step.
type Standing struct {
	Passed   time.Time   // when it first passed; zero where it has not
	Hints    int         // how many hints were shown
	Solution bool        // the solution was shown on demand
	Last     *StepReport // what its last check said; nil where there was none
	LastAt   time.Time   // when that was
}

// HasPassed reports whether the step has ever passed.
func (s Standing) HasPassed() bool { return !s.Passed.IsZero() }
