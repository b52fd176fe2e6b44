package runtime

import (
	"context"

	"cnalab/labs"
	"cnalab/labs/gobuild"
)

// Startable is what a ground can start for a lab, in this order.
var Startable = []labs.Need{labs.Kafka, labs.Postgres}

// NeedsOf is the part of a lab's needs that a ground starts, in order.
func NeedsOf(lab *labs.Lab) (needs []labs.Need) {
	for _, n := range Startable {
		if lab.Wants(n) {
			needs = append(needs, n)
		}
	}
	return needs
}

// Fixtures builds the program that holds what sandboxes stand on, below the
// repository's root, and says so while it does.
func Fixtures(ctx context.Context, builder *gobuild.Builder, root string, s *Stages) (path string, err error) {
	end := func(error) {}
	path, err = builder.Program(ctx, root, "fixtures/run", func() { end = s.Begin("build the fixtures") })
	end(err)
	if problem, ok := err.(*labs.Problem); ok && problem.Kind == labs.LearnerCode {
		return "", &labs.Problem{Kind: labs.Internal, Say: "The fixtures do not compile.", Next: "The lines below say where.", Detail: problem.Detail, Err: problem.Err}
	}
	return path, err
}
