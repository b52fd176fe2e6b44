// Package check is what the tests in a lab's checks folder import: it lets them
// say what they saw, wait for it, speak HTTP with the services, break parts on
// purpose, and read the learner's workspace. A check looks and says one
// sentence; it never waits without a deadline. The package knows nothing of
// how a sandbox is run, nor of Kafka, Postgres, Docker, Kubernetes or Go
// modules: a package below it knows each of these, so that a lab links only
// what it looks at.
//
// A check that returns has passed. A check that calls NotYet disagrees with
// the work. Anything else that ends a check, a panic and a time-out among
// them, proves nothing: the work could not be checked.
package check

import (
	"context"
	"testing"
	"time"

	"cnalab/labs"
)

// Limit bounds one check, from New to its end.
const Limit = 60 * time.Second

// C is one check's view of the sandbox and of the workspace.
type C struct {
	*testing.T
	Context context.Context // ends at Limit, or when the check does

	began time.Time
}

// New starts a check.
func New(t *testing.T) *C {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), Limit)
	t.Cleanup(cancel)
	return &C{T: t, Context: ctx, began: time.Now()}
}

// NotYet ends the check: the work does not yet do what the step asks for.
func (c *C) NotYet(f Finding) {
	c.Helper()
	c.conclude(labs.NotYet, f)
}

// CouldNotCheck ends the check without saying anything of the work.
func (c *C) CouldNotCheck(f Finding) {
	c.Helper()
	c.conclude(labs.CouldNotCheck, f)
}

// Must ends the check as could not check where err is not nil. say is a
// sentence about what the check was doing: "Kafka did not answer."
func (c *C) Must(err error, say string) {
	c.Helper()
	if err != nil {
		c.conclude(labs.CouldNotCheck, Finding{Say: say, Output: err.Error()})
	}
}
