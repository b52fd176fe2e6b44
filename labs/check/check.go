// Package check is what the tests in a lab's checks folder import: it gives
// them the sandbox's parts and the learner's workspace, and lets them say
// what they saw. A check looks and says one sentence; it never waits without
// a deadline. The package knows nothing of how a sandbox is run.
//
// A check that returns has passed. A check that calls NotYet disagrees with
// the work. Anything else that ends a check, a panic and a time-out among
// them, proves nothing: the work could not be checked.
package check

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"cnalab/labs"
)

// Limit bounds one check, from New to its end.
const Limit = 60 * time.Second

// Finding is what a check says of the work.
type Finding struct {
	Say  string // one sentence in the learner's words
	Got  any    // what was seen; shown with %v
	Want any    // what was hoped for; shown with %v
	At   string // where to look: "order/outbox.go:41", below the workspace
	Next string // what to do about it, one sentence
	// Output is what the learner's own code printed, or the compiler's words.
	Output string
}

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

// Attribute is the name under which a finding travels in a test's output, as
// a JSON object of type Said.
const Attribute = "cnalab.finding"

// Said is a finding as it travels from the test binary to the grader.
type Said struct {
	Verdict labs.Verdict `json:"verdict"`
	Say     string       `json:"say"`
	Got     string       `json:"got"`
	Want    string       `json:"want"`
	At      string       `json:"at"`
	Next    string       `json:"next"`
	Output  string       `json:"output"`
}

func (c *C) conclude(v labs.Verdict, f Finding) {
	c.Helper()
	said, err := json.Marshal(Said{v, f.Say, show(f.Got), show(f.Want), f.At, f.Next, f.Output})
	if err != nil {
		c.Fatalf("encode finding: %v", err)
	}
	c.Attr(Attribute, string(said))
	c.FailNow()
}

func show(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// Eventually calls look until it returns a nil Finding, waiting a little
// longer each time, and ends the check as not yet with the last Finding when
// the time within is over.
func (c *C) Eventually(within time.Duration, look func(ctx context.Context) *Finding) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context, within)
	defer cancel()
	for pause := 10 * time.Millisecond; ; pause = min(pause*2, 250*time.Millisecond) {
		finding := look(ctx)
		if finding == nil {
			return
		}
		select {
		case <-ctx.Done():
			c.NotYet(*finding)
		case <-time.After(pause):
		}
	}
}
