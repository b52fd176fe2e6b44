package site

import (
	"context"

	"cnalab/labs"
)

// Progress knows how far the learner is in every lab, by ID and step; package
// progress has the real one.
type Progress interface {
	All(ctx context.Context) (map[string]map[int]labs.Standing, error)
}

// standing is what is remembered of one lab's steps; a session has it.
type standing interface {
	Standing(ctx context.Context) (map[int]labs.Standing, error)
	// ReadStanding looks for what other programs have recorded too.
	ReadStanding(ctx context.Context) (map[int]labs.Standing, error)
	// ShowHint counts one more hint as shown, up to most.
	ShowHint(ctx context.Context, step, most int) error
	ShowSolution(ctx context.Context, step int) error
}

// current is the step to go on with: the first that has not passed, or the
// last where all have.
func current(lab *labs.Lab, standing map[int]labs.Standing) int {
	for _, step := range lab.Steps {
		if !standing[step.Number].HasPassed() {
			return step.Number
		}
	}
	return len(lab.Steps)
}
