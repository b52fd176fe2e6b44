package check

import (
	"context"
	"encoding/json"
	"time"
)

// WorkAttribute is the name under which it travels in a test's output that a
// check is at something slow, as a JSON object of type Work.
const WorkAttribute = "cnalab.work"

// Work is what a check does for long: it is told while it goes on, and asks
// for more time. One without a word ends what was told before.
type Work struct {
	Say  string        `json:"say"`
	Next string        `json:"next"`
	More time.Duration `json:"more"`
}

// tellAfter is how long work may take before the learner is told what goes on.
const tellAfter = 2 * time.Second

// Slow does work whose time is not the check's own, such as building an image
// from nothing, within a limit of its own. Where it takes longer than a moment
// the learner is told so, with f's Say and Next. The work runs beside the
// check's goroutine, so it must not end the check.
func (c *C) Slow(limit time.Duration, f Finding, work func(ctx context.Context)) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.T.Context(), limit)
	defer cancel()
	done, began := make(chan struct{}), time.Now()
	go func() { defer close(done); work(ctx) }()
	select {
	case <-done:
		return
	case <-time.After(tellAfter):
	}
	c.tell(Work{Say: f.Say, Next: f.Next, More: limit})
	<-done
	c.tell(Work{})
	c.extend(time.Since(began))
}

func (c *C) tell(work Work) {
	c.Helper()
	text, err := json.Marshal(work)
	if err != nil {
		c.Fatalf("encode work: %v", err)
	}
	c.Attr(WorkAttribute, string(text))
}

// extend moves the end of the check's time.
func (c *C) extend(by time.Duration) {
	ends, limited := c.Context.Deadline()
	if !limited {
		return
	}
	var cancel context.CancelFunc
	c.Context, cancel = context.WithDeadline(c.T.Context(), ends.Add(by))
	c.Cleanup(cancel)
}
