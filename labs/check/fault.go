package check

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"cnalab/labs"
)

// healing bounds the wait for a part to answer again.
const healing = 30 * time.Second

// Fault breaks one part of the sandbox on purpose, and heals it. What a check
// has broken is healed when the check ends, however it ends.
type Fault struct {
	c       *C
	part    string
	control control
	broken  bool
}

// Fault returns what breaks and heals the part: "kafka", "postgres" or a service.
// Where the part is down by itself, the check ends as could not check: a
// fault would show nothing of the step, and heal nothing. It panics in a check
// that runs beside others (testing.T.Parallel), for whom the part is broken too.
func (c *C) Fault(part string) *Fault {
	c.Helper()
	c.Setenv("CHECK_BREAKS", part) // what the testing package refuses beside others
	f := &Fault{c: c, part: part, control: c.control()}
	c.Alive(part)
	c.Cleanup(f.cleanup)
	return f
}

// Pause freezes the part: connections stay open, nothing answers.
func (f *Fault) Pause() { f.c.Helper(); f.inject(labs.Pause, 0) }

// Stop ends the part in good order; it refuses connections.
func (f *Fault) Stop() { f.c.Helper(); f.inject(labs.Stop, 0) }

// Kill ends the part at once, as a power cut does.
func (f *Fault) Kill() { f.c.Helper(); f.inject(labs.Kill, 0) }

// Cut closes every way to the part, which runs on.
func (f *Fault) Cut() { f.c.Helper(); f.inject(labs.Cut, 0) }

// Slow makes every answer of the part come later by the delay.
func (f *Fault) Slow(delay time.Duration) { f.c.Helper(); f.inject(labs.Slow, delay) }

// Restart stops the part, starts it again and waits until it answers.
func (f *Fault) Restart() {
	f.c.Helper()
	f.inject(labs.Restart, 0)
	f.Heal()
}

// Heal undoes the part's faults and waits until it answers.
func (f *Fault) Heal() {
	f.c.Helper()
	f.heal(f.c.Context)
}

func (f *Fault) inject(kind labs.FaultKind, delay time.Duration) {
	f.c.Helper()
	query := url.Values{"part": {f.part}, "kind": {string(kind)}}
	if delay > 0 {
		query.Set("delay", delay.String())
	}
	f.broken = true // even where the answer is lost, the fault may be there
	err := f.control.call(f.c.Context, http.MethodPost, "/fault", query, nil)
	f.c.Must(err, "The sandbox could not "+string(kind)+" "+f.part+".")
}

func (f *Fault) heal(parent context.Context) {
	f.c.Helper()
	ctx, cancel := context.WithTimeout(parent, healing)
	defer cancel()
	err := f.control.call(ctx, http.MethodPost, "/heal", url.Values{"part": {f.part}}, nil)
	if err != nil {
		f.c.CouldNotCheck(Finding{
			Say:    "The part " + f.part + " did not come back after it was broken on purpose.",
			Next:   "Read its log, then heal it from its menu.",
			Output: err.Error() + "\n" + f.control.tail(context.WithoutCancel(parent), f.part, tailLines),
		})
	}
	f.broken = false
}

// cleanup heals what is still broken. The check's own context has ended by
// then, so it has one of its own.
func (f *Fault) cleanup() {
	if f.broken {
		f.heal(context.WithoutCancel(f.c.Context))
	}
}
