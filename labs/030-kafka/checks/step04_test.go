//go:build lab

package checks

import (
	"fmt"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"
)

// terminate asks a member to end, and ends the check as not yet where it does
// not do so in good order.
func terminate(c *check.C, r *proc.Running) {
	c.Helper()
	r.Terminate()
	exit, over := r.Ended(5 * time.Second)
	if !over || !exit.OK() {
		got := "it was still there after 5 s"
		if over {
			got = exit.Say
		}
		c.NotYet(check.Finding{
			Say: "The program consume does not end in good order when it is asked to (SIGTERM).",
			Got: got, Want: "exit status 0 within 5 s", At: at(c, "consume/main.go"),
			Next: "Let a SIGTERM end the loop after the work in hand, and then close the Reader.", Output: r.Output(),
		})
	}
}

// A member that is asked to end finishes its work and leaves its group.
func TestStep04_AMemberLeavesInGoodOrder(t *testing.T) {
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	group := fresh("delivery")
	f.feed(8) // more than it could handle before its time is over
	a := consume(c, f.topic, group, "-work", "400ms")
	settled(c, group, 1, nil, a)
	before, done := intoTheSecond(c, f.topic, group, 200*time.Millisecond, a)
	terminate(c, a)
	proc.Await(c, time.Second, func() *check.Finding {
		if g := kafka.Open(c).Group(group); len(g.Members) > 0 {
			return &check.Finding{
				Say: "The member ended and did not leave its group: its partitions wait until the broker misses it.",
				Got: number(len(g.Members), "member"), Want: "0 members", At: at(c, "consume/main.go"),
				Next: "Close the Reader before the program ends.",
			}
		}
		return nil
	}, a)
	behind(c, before, a)
	inHand(c, done, a)
}

// intoTheSecond waits until the program is some way into the work for a second
// event. It returns what the group had committed by then, and how many events
// were handled.
func intoTheSecond(c *check.C, topic, group string, way time.Duration, a *proc.Running) (committed map[int]int64, done int) {
	c.Helper()
	begun := len(counts(handled, a))
	proc.Await(c, 5*time.Second, func() *check.Finding {
		if len(counts(handled, a)) > begun {
			return nil
		}
		return &check.Finding{Say: "The program consume handles nothing.", Want: `{"handled":…}`, At: at(c, "consume/main.go")}
	}, a)
	c.Stays(way, func() *check.Finding { return nil })
	return kafka.Open(c).Committed(group, topic), len(counts(handled, a))
}

// inHand ends the check as not yet where the program did not finish the work
// in hand, which is one event or, for who works on partitions side by side,
// one for each, and nothing after it.
func inHand(c *check.C, done int, a *proc.Running) {
	c.Helper()
	finished := len(counts(handled, a)) - done
	if finished == 0 {
		c.NotYet(check.Finding{
			Say: "The program was asked to end in the middle of its work, and dropped it.", Got: number(done, "event") + " handled",
			Want: number(done+1, "event") + ": the one in hand as well", At: at(c, "consume/main.go"),
			Next: "Let the signal end the waiting for messages, not the work.", Output: a.Output(),
		})
	}
	if finished > 3 {
		c.NotYet(check.Finding{
			Say: "The program was asked to end, and took new messages.", Got: number(finished, "event") + " handled after the signal",
			Want: "the one in hand", At: at(c, "consume/main.go"),
			Next: "Look at ctx.Err() before each read: a message may be there already.", Output: a.Output(),
		})
	}
}

// behind ends the check as not yet where the program did not handle what its
// group had committed before it was asked to end.
func behind(c *check.C, committed map[int]int64, a *proc.Running) {
	c.Helper()
	for partition, committed := range committed {
		if done := doneOf(a, partition); committed > done {
			c.NotYet(check.Finding{
				Say:  "An event is lost: the group remembers it as done, and nobody did the work.",
				Got:  fmt.Sprintf("committed up to offset %d of partition %d, handled up to %d", committed, partition, done),
				Want: "never committed further than handled", At: at(c, "consume/main.go"),
				Next: "Let the work in hand end before the program does.",
			})
		}
	}
}

// Members come and go, every event is handled, and at rest by one member only.
func TestStep04_NothingStopsWhenMembersComeAndGo(t *testing.T) {
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
				At: at(c, "consume/reader.go", "consume/main.go"), Next: "Let the group share the partitions out among its members.",
			})
		}
	}
	terminate(c, b)
	settled(c, group, 2, feed, a, joined)
	allHandled(c, f.sent, a, b, joined)
	onceEach(c, f.feed(20), a, b, joined)
}
