//go:build lab

package checks

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// An event is committed when its work is done, never before.
func TestStep06_CommitsWhenTheWorkIsDone(t *testing.T) {
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	ids := f.feed(3)
	group := fresh("delivery")
	a := consume(c, f.topic, group, "-work", "300ms")
	settled(c, group, 1, nil, a)
	watch := func() { early(c, f.topic, group, a) }
	handledMeanwhile(c, ids, watch, a)
}

// early ends the check as not yet where the group has committed an event whose
// work is still being done. What the program printed may still be on its way
// to us, so it gets a moment.
func early(c *check.C, topic, group string, a *proc.Running) {
	c.Helper()
	for partition, committed := range kafka.Open(c).Committed(group, topic) {
		proc.Await(c, 150*time.Millisecond, func() *check.Finding {
			done := doneOf(a, partition)
			if committed <= done {
				return nil
			}
			return &check.Finding{
				Say:  "An event is committed while its work is still being done: a crash now would lose it.",
				Got:  fmt.Sprintf("committed up to offset %d of partition %d, handled up to %d", committed, partition, done),
				Want: "never committed further than handled", At: c.FirstFile("consume/main.go"),
				Next: "ReadMessage commits by itself. Use FetchMessage, do the work, then CommitMessages.",
			}
		}, a)
	}
}

// doneOf is the offset after the last event of the partition that was handled.
func doneOf(r *proc.Running, partition int) int64 {
	var done int64
	for _, l := range lines(r) {
		if l.Handled != "" && l.Partition == partition {
			done = max(done, l.Offset+1)
		}
	}
	return done
}

// caughtUp waits until the group has committed all that is on the topic.
func caughtUp(c *check.C, topic, group string, programs ...*proc.Running) {
	c.Helper()
	proc.Await(c, 5*time.Second, func() *check.Finding {
		lag := kafka.Open(c).Lag(group, topic)
		if lag == 0 {
			return nil
		}
		return &check.Finding{
			Say: "All events are handled, and their offsets are not committed.", Got: fmt.Sprintf("lag %d", lag), Want: "lag 0",
			At: c.FirstFile("consume/main.go"), Next: "Commit each message when its work is done.",
		}
	}, programs...)
}

// After a crash no event is left out, and the lag returns to 0. The check keeps the commit from the broker, and cuts the power then.
func TestStep06_ACrashRepeatsWorkAndLosesNone(t *testing.T) {
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	ids := f.feed(3)
	group := fresh("delivery")
	tap := kafka.Open(c).Tap()
	tap.Hold(kmsg.OffsetCommit)
	first := proc.Build(c, "consume").Start(proc.Call{
		Args: []string{"-topic", f.topic, "-group", group}, Env: []string{"KAFKA=" + tap.Address},
	})
	settled(c, group, 1, nil, first)
	proc.Await(c, 4*time.Second, func() *check.Finding {
		if len(counts(handled, first)) > 0 {
			return nil
		}
		return &check.Finding{
			Say: "No event is handled before a commit has ended: the commit comes before the work.",
			Got: fmt.Sprintf("0 events handled, commits sent: %d", tap.Held()), Want: "the work first, then its commit",
			At: c.FirstFile("consume/main.go"), Next: "Use FetchMessage, do the work, then CommitMessages.",
		}
	}, first)
	first.Kill()
	before := counts(handled, first)
	second := consume(c, f.topic, group)
	after := allHandled(c, ids, second)
	for id := range before {
		if after[id] == 0 {
			c.NotYet(check.Finding{
				Say: "An event was handled before the crash and not committed, and it is not handled again.",
				Got: fmt.Sprintf("%s handled once", id), Want: fmt.Sprintf("%s handled twice", id), At: c.FirstFile("consume/main.go"),
				Next: "Begin at the offset that the group has committed.",
			})
		}
	}
	caughtUp(c, f.topic, group, first, second)
}

// intoTheNext waits until the program is some way into the work for an event.
func intoTheNext(c *check.C, way time.Duration, a *proc.Running) {
	c.Helper()
	begun := len(counts(handled, a))
	proc.Await(c, 5*time.Second, func() *check.Finding {
		if len(counts(handled, a)) > begun {
			return nil
		}
		return &check.Finding{
			Say: "The program consume handles nothing more.", Want: `{"handled":…}`, At: c.FirstFile("consume/main.go"),
			Next: "After each event, read the next one until a signal comes.",
		}
	}, a)
	pause(c, way)
}

// After a restart a group goes on where it was.
func TestStep06_ARestartGoesOnWhereItWas(t *testing.T) {
	c := check.New(t)
	f := feeder{c: c, topic: newTopic(c)}
	group := fresh("delivery")
	old := f.feed(1)
	first := consume(c, f.topic, group, "-work", "200ms")
	settled(c, group, 1, nil, first)
	allHandled(c, old, first)
	caughtUp(c, f.topic, group, first)
	old = append(old, f.feed(2)...)
	intoTheNext(c, 100*time.Millisecond, first)
	terminate(c, first)

	second := consume(c, f.topic, group)
	allHandled(c, append(f.feed(1), old...), first, second)
	caughtUp(c, f.topic, group, second)
	done, seen := counts(handled, first), counts(handled, second)
	var again []string
	for _, id := range old {
		if done[id] > 0 && seen[id] > 0 {
			again = append(again, id)
		}
	}
	if len(again) > 0 {
		c.NotYet(check.Finding{
			Say: "After a restart the group handles events again that it had handled before.", Got: fmt.Sprintf("%s handled again", some(again)),
			Want: "each event handled once", At: c.FirstFile("consume/main.go"),
			Next: "Commit each message when its work is done, also the last one after a SIGTERM: give its commit a context that does not end with the signal.",
		})
	}
	passesOver(c, f.topic, group, second)
}

// passesOver ends the check as not yet where the group stays behind a message
// that is no event: there is no work for it, so it is done with at once.
func passesOver(c *check.C, topic, group string, programs ...*proc.Running) {
	c.Helper()
	const noEvent = "placed: order-7"
	kafka.Open(c).ProduceTo(topic, 1, kafka.Message{Value: noEvent})
	proc.Await(c, 5*time.Second, func() *check.Finding {
		lag := kafka.Open(c).Lag(group, topic)
		if lag == 0 {
			return nil
		}
		return &check.Finding{
			Say: "A message that is no event is not committed: the lag never returns to 0, and each restart reads it again.",
			Got: fmt.Sprintf("lag %d after the message %q", lag, noEvent), Want: "lag 0", At: c.FirstFile("consume/main.go"),
			Next: "Commit each message, also one for which there is no work.",
		}
	}, programs...)
}

// replay runs replay to its end and compares what it prints with what it
// should.
func replay(c *check.C, want []kafka.Message, args ...string) {
	c.Helper()
	r := proc.Build(c, "replay").Start(proc.Call{Args: args})
	exit, over := r.Ended(10 * time.Second)
	got := counts(replayed, r)
	ids := make([]string, len(want))
	for i, m := range want {
		ids[i] = m.Headers["id"]
	}
	if lost := missing(ids, got); len(lost) > 0 {
		c.NotYet(check.Finding{
			Say: "Replay leaves events out.", Got: fmt.Sprintf("without the events %s", some(lost)), Want: some(ids),
			At: c.FirstFile("replay/main.go"), Next: "Read each partition that was asked for, from the right offset on.", Output: r.Output(),
		})
	}
	for id, n := range got {
		if n > 1 || len(missing([]string{id}, index(ids))) > 0 {
			c.NotYet(check.Finding{
				Say: "Replay reads more than it was asked for.", Got: fmt.Sprintf("%s: %d times, of replay %s", dated(id), n, strings.Join(args, " ")),
				Want: some(ids), At: c.FirstFile("replay/main.go"),
				Next: "Begin at the offset from -offset. For -since, ask the broker for the offset of that time, to the millisecond; the answer -1 means that all messages are older.",
			})
		}
	}
	inPlace(c, want, r)
	if !over {
		c.NotYet(check.Finding{
			Say: "Replay prints all events, and then does not end.", Got: "still there after 10 s",
			Want: "it ends after the last event there is", At: c.FirstFile("replay/main.go"),
			Next: "Ask for the end of the partition before you read, and stop there.",
		})
	}
	ended(c, r, exit)
}

// inPlace ends the check as not yet where replay names another place for an
// event than the one where it is in the log.
func inPlace(c *check.C, want []kafka.Message, r *proc.Running) {
	c.Helper()
	places := map[string]string{}
	for _, m := range want {
		places[m.Headers["id"]] = m.At()
	}
	for _, l := range lines(r) {
		if l.Replayed == "" {
			continue
		}
		if got := (kafka.Message{Partition: l.Partition, Offset: l.Offset}).At(); got != places[l.Replayed] {
			c.NotYet(check.Finding{
				Say: "Replay prints a wrong partition or offset for an event.",
				Got: fmt.Sprintf("%s: %s", l.Replayed, got), Want: fmt.Sprintf("%s: %s", l.Replayed, places[l.Replayed]),
				At:   c.FirstFile("replay/read.go", "replay/main.go"),
				Next: `Print {"replayed":…,"partition":…,"offset":…} with the partition and the offset of the message.`, Output: r.Output(),
			})
		}
	}
}

// dated names an event of history with its partition and its age.
func dated(id string) string {
	var partition, day, n int
	if _, err := fmt.Sscanf(id, "p%d-d%d-%d", &partition, &day, &n); err != nil {
		return id
	}
	return fmt.Sprintf("%s (partition %d, %d days old)", id, partition, 3-day)
}

func index(ids []string) map[string]int {
	in := map[string]int{}
	for _, id := range ids {
		in[id]++
	}
	return in
}

// perDay is how many events history has on each of three days, by partition: no
// two partitions are alike, all of one is old, all of another new.
var perDay = [][]int{{3, 3, 0}, {5, 5, 5}, {0, 0, 0}, {0, 0, 4}}

// eventEvery is the time between two events of a day: less than a second, so
// that a time cut off to the second is another event's.
const eventEvery = 300 * time.Millisecond

// history writes three days of events to a new topic.
func history(c *check.C, noon time.Time) (topic string, all []kafka.Message) {
	c.Helper()
	topic = fresh("orders")
	kafka.Open(c).CreateTopic(topic, len(perDay))
	for partition, days := range perDay {
		var some []kafka.Message
		for day, events := range days {
			for n := range events {
				e := event{ID: fmt.Sprintf("p%d-d%d-%d", partition, day, n), Order: fmt.Sprintf("order-%d", n), Kind: "placed"}
				some = append(some, kafka.Message{
					Key: e.Order, Value: e.line(), Headers: map[string]string{"id": e.ID}, Partition: partition, Offset: int64(len(some)),
					Time: noon.AddDate(0, 0, day).Add(time.Duration(n) * eventEvery),
				})
			}
		}
		if len(some) > 0 {
			kafka.Open(c).ProduceTo(topic, partition, some...)
		}
		all = append(all, some...)
	}
	return topic, all
}

// A partition can be read again from an offset, as often as one likes.
func TestStep06_ReplaysFromAnOffset(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	topic, all := history(c, time.Now().Add(-72*time.Hour))
	for _, from := range []kafka.Message{{Partition: 1, Offset: 4}, {Partition: 3, Offset: 1}, {Partition: 1, Offset: 6}} {
		var want []kafka.Message
		for _, m := range all {
			if m.Partition == from.Partition && m.Offset >= from.Offset {
				want = append(want, m)
			}
		}
		replay(c, want, "-topic", topic, "-partition", fmt.Sprint(from.Partition), "-offset", fmt.Sprint(from.Offset))
	}
	joinsNone(c, topic)
}

// The whole topic can be read again from a time.
func TestStep06_ReplaysFromATime(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	noon := time.Now().Add(-72 * time.Hour).UTC().Truncate(time.Second)
	topic, all := history(c, noon)
	for _, since := range []time.Time{
		noon.AddDate(0, 0, 2).Add(2 * eventEvery),
		noon.AddDate(0, 0, 1), // one partition from its first message on
	} {
		replay(c, notBefore(since, all), "-topic", topic, "-since", since.Format(time.RFC3339Nano))
	}
	abroad := noon.AddDate(0, 0, 1).In(time.FixedZone("", 9*60*60))
	replay(c, notBefore(abroad, all), "-topic", topic, "-since", abroad.Format(time.RFC3339))
	joinsNone(c, topic)
}

// notBefore are the messages that are not older than the time.
func notBefore(since time.Time, all []kafka.Message) (some []kafka.Message) {
	for _, m := range all {
		if !m.Time.Before(since) {
			some = append(some, m)
		}
	}
	return some
}

// Replay fails if it cannot read.
func TestStep06_ReplayTellsOfWhatItCannotRead(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	noon := time.Now().Add(-72 * time.Hour).Truncate(time.Second)
	topic, all := history(c, noon)
	from := noon.AddDate(0, 0, 1)
	ids := map[string]int{}
	for _, m := range notBefore(from, all) {
		ids[m.Headers["id"]] = 1
	}
	since := from.UTC().Format(time.RFC3339Nano)
	for _, call := range []proc.Call{
		{Args: []string{"-topic", topic, "-since", "yesterday"}},
		{Args: []string{"-topic", fresh("nowhere"), "-since", since}},
		{Args: []string{"-topic", topic, "-since", since}, Env: []string{"KAFKA=" + refusing(c, 0, 1)}},
		{Args: []string{"-topic", topic, "-since", since}, Env: []string{"KAFKA=" + refusing(c, 1, 1)}},
		// A broker lists partitions in any order, and the empty one may be first.
		{Args: []string{"-topic", topic, "-since", since}, Env: []string{"KAFKA=" + refusing(c, 2, 1)}},
		{Args: []string{"-topic", topic, "-since", since}, Env: []string{"KAFKA=" + refusing(c, 0, 1000)}},
	} {
		r := proc.Build(c, "replay").Start(call)
		exit, over := r.Ended(25 * time.Second)
		found := maps.Equal(ids, counts(replayed, r)) // who asks for no offset, or again, finds all
		if over && exit.OK() && !found {
			c.NotYet(check.Finding{
				Say: "Replay cannot read what it was asked for, and still ends with exit status 0.",
				Got: fmt.Sprintf("%s of replay %s", exit.Say, strings.Join(call.Args, " ")), Want: "an exit status other than 0",
				At: c.FirstFile("replay/main.go"), Next: "Return the error of each call.", Output: r.Output(),
			})
		}
	}
}

// refusing is a way to the broker by which n who ask for an offset are told that
// they may not: those after the first that are admitted.
func refusing(c *check.C, admitted, n int) (address string) {
	c.Helper()
	tap := kafka.Open(c).Tap()
	tap.Refuse(kmsg.ListOffsets, n, kafkago.TopicAuthorizationFailed)
	tap.Admit(kmsg.ListOffsets, admitted)
	return tap.Address
}

// joinsNone ends the check as not yet where a replay of the topic, which nobody
// consumes, has left offsets of a group.
func joinsNone(c *check.C, topic string) {
	c.Helper()
	if groups := kafka.Open(c).GroupsOf(topic); len(groups) > 0 {
		c.NotYet(check.Finding{
			Say: "Replay moves the offset of a group: its members will go on from there.",
			Got: fmt.Sprintf("offsets of %s", some(groups)), Want: "the offset of no group", At: c.FirstFile("replay/read.go", "replay/main.go"),
			Next: "Read partitions by their numbers: a Reader without GroupID commits nothing.",
		})
	}
}
