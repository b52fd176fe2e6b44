//go:build lab

package checks

import (
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/proc"
)

// terminate asks a member to end, and ends the check as not yet where it does
// not do so in good order.
func terminate(c *check.C, r *proc.Running) {
	c.Helper()
	r.Terminate()
	left(c, r, 5*time.Second)
}

// left ends the check as not yet where a member that was asked to end does not
// do so in good order within the time that it still has.
func left(c *check.C, r *proc.Running, within time.Duration) {
	c.Helper()
	exit, over := r.Ended(within)
	if !over || !exit.OK() {
		got := "it was still there after 5 s"
		if over {
			got = exit.Say
		}
		c.NotYet(check.Finding{
			Say: "The program consume does not end with exit status 0 within 5 s after a SIGTERM.",
			Got: got, Want: "exit status 0 within 5 s", At: c.FirstFile("consume/main.go"),
			Next: "Let a SIGTERM end the loop after the work in hand, and then close the Reader.", Output: r.Output(),
		})
	}
}

// Members come and go, every event is handled, and in a stable group only once.
func TestStep05_NothingStopsWhenMembersComeAndGo(t *testing.T) {
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	group := fresh("delivery")
	feed := func() { f.feed(1) }
	member := func() *proc.Running { return consume(c, f.topic, group, "-work", "1ms") }

	a, b := member(), member()
	settled(c, group, 2, feed, a, b)
	joined := member()
	settled(c, group, 3, feed, a, b, joined)
	allHandled(c, f.sent, a, b, joined)
	onceEach(c, f.feed(20), a, b, joined)
	for _, r := range []*proc.Running{a, b, joined} {
		if len(lines(r)) == 0 {
			c.NotYet(check.Finding{
				Say: "One of three members has nothing to do.", Got: "0 events handled", Want: "each handles some",
				At: c.FirstFile("consume/reader.go", "consume/main.go"), Next: "Set GroupID, and no Partition: the group then divides the partitions among its members.",
			})
		}
	}
	terminate(c, b)
	settled(c, group, 2, feed, a, joined)
	allHandled(c, f.sent, a, b, joined)
	onceEach(c, f.feed(20), a, b, joined)
}
