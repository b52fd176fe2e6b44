package site

import (
	"context"
	"time"

	"cnalab/labs"
)

// Progress remembers what the learner has done; package progress has the
// real one.
type Progress interface {
	All(ctx context.Context) (map[string]map[int]Standing, error)
	Lab(ctx context.Context, lab string) (map[int]Standing, error)
	// ShowHint counts one more hint as shown, up to most, and returns how many are.
	ShowHint(ctx context.Context, lab string, step, most int) (shown int, err error)
	ShowSolution(ctx context.Context, lab string, step int) error
}

// Standing is what is remembered of one step.
type Standing struct {
	Passed   time.Time        // when it first passed; zero where it has not
	Hints    int              // how many hints were shown
	Solution bool             // the solution was shown on demand
	Last     *labs.StepReport // what its last check said; nil where there was none
	LastAt   time.Time        // when that was
}

func (s Standing) passed() bool { return !s.Passed.IsZero() }

// current is the step to go on with: the first that has not passed, or the
// last where all have.
func current(lab *labs.Lab, standing map[int]Standing) int {
	for _, step := range lab.Steps {
		if !standing[step.Number].passed() {
			return step.Number
		}
	}
	return len(lab.Steps)
}
