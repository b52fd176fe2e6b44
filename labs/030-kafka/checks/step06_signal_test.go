//go:build lab

package checks

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"
)

// signalled is how many processes are asked to end. A commit with a context
// that has ended comes through half of the time: kafka-go's CommitMessages
// selects between its queue, which has room, and the context, and Go takes
// either. One process would show nothing; of twelve, all come through once in
// 4096 times.
const signalled = 12

// Work that is finished after a SIGTERM is committed.
func TestStep06_WorkInHandIsCommittedWhenTheSignalComes(t *testing.T) {
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	f.feed(10) // more than one could handle before its time is over
	var groups []string
	var all []*proc.Running
	for range signalled {
		group := fresh("delivery")
		groups = append(groups, group)
		all = append(all, consume(c, f.topic, group, "-work", "400ms"))
	}
	allBusy(c, all)
	for _, r := range all {
		r.Terminate()
	}
	var forgot []slip
	for i, r := range all {
		left(c, r, 5*time.Second)
		if s, found := forgotten(c, f.topic, groups[i], r); found {
			forgot = append(forgot, s)
		}
	}
	if len(forgot) > 0 {
		first := forgot[0]
		c.NotYet(check.Finding{
			Say: "The work in hand was finished after a SIGTERM, and its offset was not committed: the next process does the work again.",
			Got: fmt.Sprintf("%d of %d processes; the first committed up to offset %d of partition %d, and handled up to %d",
				len(forgot), signalled, first.committed, first.partition, first.done),
			Want: "committed as far as handled by each of them", At: c.FirstFile("consume/main.go"),
			Next: "Give CommitMessages a context that does not end with the signal.",
		})
	}
}

// allBusy waits until each program has handled an event, and so is at work on
// the next one.
func allBusy(c *check.C, all []*proc.Running) {
	c.Helper()
	proc.Await(c, 15*time.Second, func() *check.Finding {
		idle := slices.DeleteFunc(slices.Clone(all), func(r *proc.Running) bool { return len(counts(handled, r)) > 0 })
		if len(idle) == 0 {
			return nil
		}
		return &check.Finding{
			Say: "Some processes handle no events, and each is the only member of its group.",
			Got: fmt.Sprintf("%d of %d handle none", len(idle), len(all)), Want: `{"handled":…} from each`,
			At: c.FirstFile("consume/main.go"), Next: "After each event, read the next one until a signal comes.", Output: idle[0].Output(),
		}
	}, all...)
}

// slip is a partition of which less was committed than handled.
type slip struct {
	partition       int
	committed, done int64
}

// forgotten finds where the group has committed less than its program has
// handled.
func forgotten(c *check.C, topic, group string, r *proc.Running) (slip, bool) {
	c.Helper()
	committed := kafka.Open(c).Committed(group, topic)
	for partition := range 3 {
		if done := doneOf(r, partition); committed[partition] < done {
			return slip{partition, committed[partition], done}, true
		}
	}
	return slip{}, false
}
