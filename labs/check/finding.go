package check

import (
	"encoding/json"
	"fmt"

	"cnalab/labs"
)

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

// Attribute is the name under which a finding travels in a test's output, as
// a JSON object of type Result.
const Attribute = "cnalab.finding"

// Result is a finding as it goes from the test binary to the grader.
type Result struct {
	Verdict labs.Verdict `json:"verdict"`
	Say     string       `json:"say"`
	Got     string       `json:"got"`
	Want    string       `json:"want"`
	At      string       `json:"at"`
	Next    string       `json:"next"`
	Output  string       `json:"output"`
}

// Saw tells what a check has seen that is worth showing though it is as it
// should be, such as a measurement. It is the last thing that a check says: of
// two findings the first counts.
func (c *C) Saw(f Finding) {
	c.Helper()
	c.emit(labs.Passed, f)
}

func (c *C) conclude(v labs.Verdict, f Finding) {
	c.Helper()
	c.emit(v, f)
	c.FailNow()
}

func (c *C) emit(v labs.Verdict, f Finding) {
	c.Helper()
	output, err := json.Marshal(Result{v, f.Say, show(f.Got), show(f.Want), f.At, f.Next, f.Output})
	if err != nil {
		c.Fatalf("encode finding: %v", err)
	}
	c.Attr(Attribute, string(output))
}

func show(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
