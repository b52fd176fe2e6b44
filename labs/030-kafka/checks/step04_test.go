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

// joining is how long a group may take to come to rest.
const joining = 6 * time.Second

// arrival is how long a group may take to have a first member. When nobody
// came once, the next wait of the run is short.
var arrival = 4 * time.Second

// consume starts one member of a group.
func consume(c *check.C, topic, group string, more ...string) *proc.Running {
	c.Helper()
	return proc.Build(c, "consume").Start(proc.Call{Args: append([]string{"-topic", topic, "-group", group}, more...)})
}

// settled waits until the group has so many members, which are the programs,
// and is at rest. While it waits it calls meanwhile, which may be nil. There
// should be something to handle: by it a program shows that it needs no group.
func settled(c *check.C, group string, members int, meanwhile func(), programs ...*proc.Running) {
	c.Helper()
	var g kafka.Group
	look := func(enough func() bool) func() *check.Finding {
		return func() *check.Finding {
			if meanwhile != nil {
				meanwhile()
			}
			working := len(counts(handled, programs...)) > 0
			if g = kafka.Open(c).Group(group); enough() {
				return nil
			}
			if working && len(g.Members) == 0 {
				outside(c, group, programs)
			}
			return &check.Finding{
				Say: "The group from -group does not have the expected members.",
				Got: fmt.Sprintf("members: %d, %s", len(g.Members), g.State), Want: fmt.Sprintf("members: %d, Stable", members),
				At: c.FirstFile("consume/reader.go", "consume/main.go"), Next: "Set the Reader's GroupID to the group from -group.",
			}
		}
	}
	within := arrival
	arrival = time.Second
	proc.Await(c, within, look(func() bool { return len(g.Members) > 0 }), programs...)
	arrival = within
	proc.Await(c, joining, look(func() bool { return g.Stable(members) }), programs...)
}

// outside ends the check as not yet: the programs work, and the group knows
// nobody.
func outside(c *check.C, group string, programs []*proc.Running) {
	c.Helper()
	c.NotYet(check.Finding{
		Say: "A process handles events and is not a member of the group from -group.",
		Got: fmt.Sprintf("no member in %s", group), Want: "each process a member", At: c.FirstFile("consume/reader.go", "consume/main.go"),
		Next: "Set the Reader's GroupID to the group from -group.", Output: programs[0].Output(),
	})
}

// allHandled waits until the programs have handled each of the events, as long
// as they go on.
func allHandled(c *check.C, ids []string, programs ...*proc.Running) map[string]int {
	c.Helper()
	return handledMeanwhile(c, ids, func() {}, programs...)
}

// handledMeanwhile is allHandled, and calls meanwhile while it waits.
func handledMeanwhile(c *check.C, ids []string, meanwhile func(), programs ...*proc.Running) map[string]int {
	c.Helper()
	for left := len(ids) + 1; left > 0; {
		proc.Await(c, joining, func() *check.Finding {
			meanwhile()
			lost := missing(ids, counts(handled, programs...))
			if len(lost) < left {
				left = len(lost)
				return nil
			}
			return &check.Finding{
				Say: fmt.Sprintf("%d of %d events were not handled.", len(lost), len(ids)),
				Got: fmt.Sprintf("%s not handled", some(lost)), Want: "each event handled",
				At:   c.FirstFile("consume/reader.go", "consume/main.go"),
				Next: "Handle the messages of every partition, and let a new group begin at the first one: StartOffset.",
			}
		}, programs...)
	}
	return counts(handled, programs...)
}

// onceEach ends the check as not yet where an event was handled twice though
// nobody came or went.
func onceEach(c *check.C, ids []string, programs ...*proc.Running) {
	c.Helper()
	allHandled(c, ids, programs...)
	proc.Stays(c, 100*time.Millisecond, func() *check.Finding {
		twice := repeated(ids, counts(handled, programs...))
		if len(twice) == 0 {
			return nil
		}
		return &check.Finding{
			Say: "Events are handled more than once by members of one group.",
			Got: some(twice), Want: "each event handled by one member", At: c.FirstFile("consume/reader.go", "consume/main.go"),
			Next: "Let all members join the group from -group. Within a group each partition is assigned to one member.",
		}
	}, programs...)
}

// Two groups each get every event.
func TestStep04_EachGroupGetsEverything(t *testing.T) {
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	f.feed(1)
	delivery, billing := fresh("delivery"), fresh("billing")
	a, b := consume(c, f.topic, delivery), consume(c, f.topic, billing)
	settled(c, delivery, 1, nil, a)
	settled(c, billing, 1, nil, b)
	ids := f.feed(10)
	onceEach(c, ids, a)
	onceEach(c, ids, b)
}

// Two members of one group share the events.
func TestStep04_MembersShareTheWork(t *testing.T) {
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	f.feed(1)
	group := fresh("delivery")
	a, b := consume(c, f.topic, group), consume(c, f.topic, group)
	settled(c, group, 2, nil, a, b)
	ids := f.feed(20)
	onceEach(c, ids, a, b)
	for _, r := range []*proc.Running{a, b} {
		if len(missing(ids, counts(handled, r))) == len(ids) {
			c.NotYet(check.Finding{
				Say: "One member does all the work.", Got: "0 events handled by the other", Want: "both handle some",
				At: c.FirstFile("consume/reader.go", "consume/main.go"), Next: "Set GroupID, and no Partition: the group then divides the partitions among its members.",
			})
		}
	}
}

// A group that is new begins with the first event.
func TestStep04_ANewGroupBeginsAtTheFirstEvent(t *testing.T) {
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	early := f.feed(3)
	group := fresh("late")
	tap := kafka.Open(c).Tap()
	a := proc.Build(c, "consume").Start(proc.Call{Args: []string{"-topic", f.topic, "-group", group}, Env: []string{"KAFKA=" + tap.Address}})
	settled(c, group, 1, nil, a)
	onceEach(c, early, a)
	for _, timeout := range tap.Sessions() {
		if timeout != sessionTimeout {
			c.NotYet(check.Finding{
				Say: "The program consume joins its group with a changed session timeout.", Got: timeout.String(), Want: sessionTimeout.String(),
				At: c.FirstFile("consume/reader.go", "consume/main.go"), Next: "Keep the times of newReader: with kafka-go's default, the group waits 30 s for a lost member.",
			})
		}
	}
}

// sessionTimeout is after how long a group misses a member, as the workspace
// begins with it.
const sessionTimeout = 2 * time.Second
