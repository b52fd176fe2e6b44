package sandbox

import (
	"time"

	"cnalab/labs"
)

// Phase is where a learner's sandbox is in its life.
type Phase string

const (
	Closed  Phase = "closed"
	Opening Phase = "opening"
	Open    Phase = "open"
	Failed  Phase = "failed" // it did not open; Status.Problem says why
	Closing Phase = "closing"
)

// Status is one learner's sandbox as a page shows it, open or not.
type Status struct {
	Phase    Phase
	Provider string        // the provider's name, from opening on
	Since    time.Time     // when the phase began
	Took     time.Duration // how long it took to open, while open
	Stages   []Stage       // what opening does, in the order it began
	Parts    []Part        // while open
	Kept     time.Time     // when the snapshot was taken; zero where there is none
	Problem  *labs.Problem // why it failed, or why it was closed by itself
}
