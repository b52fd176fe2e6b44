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

// leavers is how many members are asked to end. One that reads with a context
// that has ended gets a message half of the time, where one is there already:
// Go takes either. Of two of them it is believed, of one it may be the machine.
const leavers = 8

// labour is how long the work for one event takes them.
const labour = time.Second

// leaver is a member, alone in its group, that is asked to end in the middle of
// its work.
type leaver struct {
	*proc.Running
	group   string
	done    int       // events handled when we last looked, and when it was asked to end
	last    time.Time // when we saw the last of them; zero where it was there before
	asked   bool
	inTime  int // events handled by the time at which all is done that it had begun
	ended   time.Time
	members int // of its group when it had ended; the broker may need a moment
}

// Members that are asked to end finish their work, take no more, and leave
// their groups.
func TestStep05_AMemberLeavesInGoodOrder(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	f.feed(40) // more than they could handle before their time is over
	var all []*leaver
	var programs []*proc.Running
	for range leavers {
		group := fresh("delivery")
		l := &leaver{Running: consume(c, f.topic, group, "-work", labour.String()), group: group}
		all, programs = append(all, l), append(programs, l.Running)
	}
	for _, l := range all {
		settled(c, l.group, 1, nil, l.Running)
		l.done = len(counts(handled, l.Running))
	}
	askAll(c, &f, all, programs)
	c.Within(5*time.Second, func() bool { return look(c, all) == 0 })
	for _, l := range all {
		left(c, l.Running, 0)
		l.gone(c)
		behind(c, kafka.Open(c).Committed(l.group, f.topic), l.Running)
	}
	inHand(c, all, len(f.sent))
}

// A member that has had nothing to do leaves its group in good order, too.
func TestStep05_AMemberWithNothingToDoLeavesInGoodOrder(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	group := fresh("delivery")
	l := &leaver{Running: consume(c, newTopic(c), group), group: group}
	settled(c, group, 1, nil, l.Running)
	l.Terminate()
	if exit, over := l.Ended(5 * time.Second); over && !exit.OK() {
		c.NotYet(check.Finding{
			Say: "The program consume got a SIGTERM before its first message, and does not end with exit status 0.",
			Got: exit.Say, Want: "exit status 0", At: c.FirstFile("consume/main.go"),
			Next: "Listen for the signal before you join the group: a member may wait long for its first message.", Output: l.Output(),
		})
	}
	left(c, l.Running, 0)
	c.Within(2*time.Second, func() bool { return l.look(c) })
	l.gone(c)
}

// A SIGTERM does not cut the work in hand short.
func TestStep05_TheWorkInHandTakesItsTime(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	f.feed(2)
	var cut []*proc.Running
	for range 3 {
		r := consume(c, f.topic, fresh("delivery"), "-work", (2 * labour).String())
		took := inHandTook(c, r)
		left(c, r, 5*time.Second)
		if took > labour*8/10 {
			return
		}
		if took > 0 {
			cut = append(cut, r)
		}
		if len(cut) < 2 { // of one it may be the machine
			continue
		}
		c.NotYet(check.Finding{
			Say: "The program consume got a SIGTERM, and prints an event as handled before its work is finished.",
			Got: fmt.Sprintf("handled less than %s after the signal", labour*8/10), Want: fmt.Sprintf("handled after its work, -work %s", 2*labour),
			At: c.FirstFile("consume/main.go"), Next: "Let the signal end the waiting for messages, not the work.", Output: r.Output(),
		})
	}
}

// Long work in hand is finished. It takes almost all of the time that there is,
// so the end has to wait for the work: no fixed time will do.
func TestStep05_LongWorkInHandIsFinished(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	f.feed(1)
	group := fresh("delivery")
	r := consume(c, f.topic, group, "-work", "4800ms")
	settled(c, group, 1, nil, r)
	pause(c, 700*time.Millisecond) // it is at work, or the event is there after it
	r.Terminate()
	left(c, r, 6*time.Second)
	behind(c, kafka.Open(c).Committed(group, f.topic), r)
}

// inHandTook asks a member to end when it has handled an event and is at the
// next, and returns how long it took for that; 0 where it handled no other.
func inHandTook(c *check.C, r *proc.Running) time.Duration {
	c.Helper()
	done := func() int { return len(counts(handled, r)) }
	c.Within(joining+2*labour, func() bool { return done() > 0 })
	c.Within(labour*3/10, func() bool { return false }) // until it is at work again
	r.Terminate()
	asked, before := time.Now(), done()
	if !c.Within(2*labour, func() bool { return done() > before }) {
		return 0
	}
	return time.Since(asked)
}

// askAll asks each of them to end once it is some way into its work. One that
// works on many events side by side is always in the middle of some, as more
// keep coming.
func askAll(c *check.C, f *feeder, all []*leaver, programs []*proc.Running) {
	c.Helper()
	begin, fed := time.Now(), time.Now()
	proc.Await(c, 10*time.Second, func() *check.Finding {
		if time.Since(fed) > labour/10 {
			f.feed(1)
			fed = time.Now()
		}
		idle, anyhow := 0, time.Since(begin) > 4*labour
		for _, l := range all {
			if !l.ask(anyhow) {
				idle++
			}
		}
		look(c, all)
		if idle == 0 {
			return nil
		}
		return &check.Finding{
			Say: "Some processes handle no events, and each is the only member of its group.",
			Got: fmt.Sprintf("%d of %d handle none", idle, len(all)), Want: `{"handled":…} from each`, At: c.FirstFile("consume/main.go"),
			Next: "After each event, read the next one until a signal comes.",
		}
	}, programs...)
}

// ask asks the member to end where it has been at its work for a while, but not
// for so long that it may be done with it; anyhow is where it has handled
// something at least. It reports whether the member was asked, now or before.
func (l *leaver) ask(anyhow bool) bool {
	if l.asked {
		return true
	}
	if n := len(counts(handled, l.Running)); n != l.done {
		l.done, l.last = n, time.Now()
	}
	way := time.Since(l.last)
	if l.asked = way > labour*3/10 && way < labour*8/10 || anyhow && l.done > 0; l.asked {
		l.Terminate()
	}
	return l.asked
}

// look looks at each member, and returns how many there is more to see of.
func look(c *check.C, all []*leaver) (there int) {
	c.Helper()
	for _, l := range all {
		if !l.look(c) {
			there++
		}
	}
	return there
}

// look notes what the member has handled by the time at which all is done that
// was in hand: it had begun when the last event was done that we saw before, and
// what is begun after it takes twice as long. Then look waits for the end of the
// member and for a second after it, in which its group is to be empty: later the
// broker would have missed it.
func (l *leaver) look(c *check.C) bool {
	c.Helper()
	_, over := l.Exit()
	if l.asked && (over || time.Since(l.last) > labour*16/10) && l.inTime == 0 {
		l.inTime = len(counts(handled, l.Running))
	}
	if !over {
		return false
	}
	if l.ended.IsZero() {
		l.ended, l.members = time.Now(), 1
	}
	if l.members > 0 && time.Since(l.ended) < time.Second {
		l.members = len(kafka.Open(c).Group(l.group).Members)
	}
	return l.members == 0 || time.Since(l.ended) > time.Second
}

// gone ends the check as not yet where the member has not left its group.
func (l *leaver) gone(c *check.C) {
	c.Helper()
	if l.members > 0 {
		c.NotYet(check.Finding{
			Say: "The member ended and did not leave its group: nobody reads its partitions until the session timeout is over.",
			Got: fmt.Sprintf("members: %d", l.members), Want: "members: 0", At: c.FirstFile("consume/main.go"),
			Next: "Close the Reader before the program ends.", Output: l.Output(),
		})
	}
}

// inHand ends the check as not yet where programs did not finish the work that
// they had begun, or began more. Who works on events side by side had several
// in hand, and perhaps one more that waited for a hand.
func inHand(c *check.C, all []*leaver, events int) {
	c.Helper()
	var dropped, took []*leaver
	for _, l := range all {
		finished := len(counts(handled, l.Running))
		if finished == l.done && l.done < events {
			dropped = append(dropped, l)
		}
		if finished > l.inTime && l.inTime-l.done == 1 {
			took = append(took, l)
		}
	}
	if len(dropped) > 1 {
		c.NotYet(check.Finding{
			Say: "Processes got a SIGTERM in the middle of their work, and did not finish it.",
			Got: fmt.Sprintf("%d of %d processes handled nothing more", len(dropped), len(all)), Want: "each handles what it had begun",
			At: c.FirstFile("consume/main.go"), Next: "Let the signal end the waiting for messages, not the work.", Output: dropped[0].Output(),
		})
	}
	if len(took) > 1 {
		c.NotYet(check.Finding{
			Say: "Processes got a SIGTERM, finished the work in hand, and then took new messages.",
			Got: fmt.Sprintf("%d of %d processes handled another event", len(took), len(all)), Want: "each handles what it had begun, and no more",
			At: c.FirstFile("consume/main.go"), Next: "Look at ctx.Err() before each read: a message may be there already.", Output: took[0].Output(),
		})
	}
}

// behind ends the check as not yet where the program did not handle what its
// group has committed.
func behind(c *check.C, committed map[int]int64, a *proc.Running) {
	c.Helper()
	for partition, committed := range committed {
		if done := doneOf(a, partition); committed > done {
			c.NotYet(check.Finding{
				Say:  "An event is lost: its offset is committed, and nobody did its work.",
				Got:  fmt.Sprintf("committed up to offset %d of partition %d, handled up to %d", committed, partition, done),
				Want: "never committed further than handled", At: c.FirstFile("consume/main.go"),
				Next: "Let the work in hand end before the program does. Look at ctx.Err() before each read, too: ReadMessage can take and commit a waiting message although ctx has ended.", Output: a.Output(),
			})
		}
	}
}
