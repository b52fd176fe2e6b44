//go:build lab

package checks

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Events that were accepted before Kafka was killed and restarted are in the log.
func TestStep08_NothingAcceptedIsLostWhenKafkaIsKilled(t *testing.T) {
	c := check.New(t)
	fault := c.Fault("kafka")
	p := startProducer(c, "200ms") // counts from the end of stdin, and nothing is left then
	p.send(5)
	pause(c, 250*time.Millisecond) // one that counts from its start has given up
	fault.Kill()
	p.send(bound / 2)
	fault.Heal()
	p.send(5)
	p.settle()
	p.free()
	p.end()
	p.inLog()
}

// free ends the check as not yet where there is no place for as many events as
// -bound allows, though nothing is left to store. The program may give a place
// back a moment after it has said that an event is stored.
func (p *producer) free() {
	p.c.Helper()
	for try := range 2 {
		pause(p.c, 50*time.Millisecond)
		n := len(p.taken(p.send(bound)))
		p.settle()
		if n == bound {
			return
		}
		if try == 1 {
			p.c.NotYet(check.Finding{
				Say: "All accepted events are stored, and new events are refused.",
				Got: fmt.Sprintf("%d accepted, %d refused", n, bound-n), Want: fmt.Sprintf("%d accepted, %d refused", bound, 0),
				At: p.c.FirstFile("produce/main.go"), Next: "Give an event's place back when it is stored or given up, also if it took more than one write.", Output: p.Output(),
			})
		}
	}
}

// An event that failed is sent again before the events after it.
func TestStep08_WhatIsSentAgainKeepsItsPlace(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	tap := kafka.Open(c).Tap()
	p := startProducer(c, "10s", "KAFKA="+tap.Address)
	p.send(1)
	p.settle()
	tap.Delay(300 * time.Millisecond)
	p.send(1)
	p.asked(tap)
	p.send(bound / 2) // they wait behind the one that is being sent
	tap.Refuse(kmsg.Produce, 1, kafkago.NotEnoughReplicas)
	p.settle()
	tap.Delay(0)
	p.end()
	p.inLog()
}

// What failed is tried again within a second. Where it takes longer once, it
// may be the machine.
func TestStep08_TriesAgainWithinASecond(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	tap := kafka.Open(c).Tap()
	p := startProducer(c, "10s", "KAFKA="+tap.Address)
	p.send(1)
	p.settle()
	const late = 2500 * time.Millisecond
	for range 2 {
		tap.Refuse(kmsg.Produce, 1, kafkago.NotEnoughReplicas)
		begin := time.Now()
		p.send(1)
		p.settle()
		if time.Since(begin) < late {
			return
		}
	}
	c.NotYet(check.Finding{
		Say: "Kafka refuses a write once, and the program produce waits too long before it tries again.",
		Got: fmt.Sprintf("stored more than %s later", late), Want: "the next try within a second", At: c.FirstFile("produce/send.go", "produce/main.go"),
		Next: "Wait a short time between two tries, for example 100 ms.", Output: p.Output(),
	})
}

// asked waits until the broker was asked to store the last that was sent.
func (p *producer) asked(tap *kafka.Tap) {
	p.c.Helper()
	p.c.Within(3*time.Second, func() bool {
		n := 0
		for _, of := range tap.Acks() {
			n += of
		}
		return n >= len(p.sent)
	})
}

// Events that cannot be sent are reported.
func TestStep08_WhatCannotBeSentIsReported(t *testing.T) {
	c := check.New(t)
	fault := c.Fault("kafka")
	const many = 120 // more than anybody sends at a time: some of them still wait
	several, one := startBounded(c, many, newTopic(c), "1s"), startProducer(c, "1s")
	for _, p := range []*producer{several, one} {
		p.send(3)
		p.settle()
	}
	fault.Kill()
	several.reports(many)
	one.reports(1)
}

// reports sends n events more, which cannot be stored, and ends the check as not
// yet where the program does not say so of each, and in its exit status.
func (p *producer) reports(n int) {
	c := p.c
	c.Helper()
	lost := p.taken(p.send(n))
	_ = p.CloseInput()
	exit, over := p.Ended(8 * time.Second)
	switch silent := missing(lost, counts(unsent, p.Running)); {
	case !over:
		c.NotYet(check.Finding{
			Say: "The program produce does not end after -patience, 1 s, is over.", Got: "still there after 8 s",
			Want: "an end, and a line for what is not sent", At: c.FirstFile("produce/main.go"),
			Next: "Give what is left -patience to be sent when stdin has ended.", Output: p.Output(),
		})
	case len(silent) > 0:
		c.NotYet(check.Finding{
			Say: "Events were accepted and not stored, and produce does not report them.", Got: fmt.Sprintf("nothing about %s", some(silent)),
			Want: `{"unsent":…} for each`, At: c.FirstFile("produce/main.go"),
			Next: "Print what is left before the program ends.", Output: p.Output(),
		})
	case len(missing(p.sent[:3], counts(unsent, p.Running))) < 3:
		c.NotYet(check.Finding{
			Say: "Events that are stored are reported as not sent.", Got: fmt.Sprint(p.Lines()), Want: `{"unsent":…} for what is left, and no other`,
			At: c.FirstFile("produce/main.go"), Next: "Report only events that are accepted and not stored.",
		})
	case exit.OK():
		c.NotYet(check.Finding{
			Say: "Events were not sent, and produce ends with exit status 0.", Got: exit.Say, Want: "exit status 1",
			At: c.FirstFile("produce/main.go"), Next: "End with os.Exit(1) if something is left.",
		})
	case exit.Code != 1:
		c.NotYet(check.Finding{
			Say: "Events were not sent, and produce does not end with exit status 1.", Got: exit.Say, Want: "exit status 1",
			At: c.FirstFile("produce/main.go"), Next: "End with os.Exit(1) if something is left.", Output: p.Output(),
		})
	}
}

// Events that are left when stdin ends are sent if Kafka comes back in time.
func TestStep08_WhatIsLeftIsSentWithinThePatience(t *testing.T) {
	c := check.New(t)
	fault := c.Fault("kafka")
	p := startProducer(c, "10s")
	p.send(3)
	p.settle()
	fault.Pause()
	p.send(4)
	_ = p.CloseInput()
	pause(c, 500*time.Millisecond)
	fault.Heal()
	exit, _ := p.Ended(12 * time.Second)
	if lost := missing(p.taken(p.sent), counts(stored, p.Running)); len(lost) > 0 {
		c.NotYet(check.Finding{
			Say: "Kafka was back half a second after stdin had ended, and events that were accepted are not stored.",
			Got: fmt.Sprintf("%s not stored; %s", some(lost), exit.Say), Want: "every accepted event stored within -patience, 10 s",
			At: c.FirstFile("produce/main.go"), Next: "When stdin ends, go on trying until -patience is over.", Output: p.Output(),
		})
	}
	p.end()
	p.inLog()
}

// The time of -patience runs once, from the end of stdin. Each event
// is on a partition of its own, as far as its hash allows, so that a program
// that writes them all at once hears of them one by one, too.
func TestStep08_ThePatienceIsForAllThatIsLeft(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	const patience = time.Second
	topic := fresh("orders")
	kafka.Open(c).CreateTopic(topic, 2*bound)
	tap := kafka.Open(c).Tap()
	p := startOn(c, topic, patience.String(), "KAFKA="+tap.Address)
	p.orders = bound
	p.send(1)
	p.settle()
	tap.Refuse(kmsg.Produce, math.MaxInt, kafkago.NotEnoughReplicas)
	p.send(bound)
	_ = p.CloseInput()
	over := false
	for ended := time.Now(); !over && time.Since(ended) < 3*patience; {
		tap.Admit(kmsg.Produce, 1)
		_, over = p.Ended(patience * 3 / 10)
	}
	if !over {
		c.NotYet(check.Finding{
			Say: "The time of -patience is over, and the program produce still sends events.",
			Got: fmt.Sprintf("still there %s after stdin ended", 3*patience), Want: fmt.Sprintf("an end %s after stdin ended", patience),
			At: c.FirstFile("produce/main.go"), Next: "Start one timer of -patience when stdin ends, and do not start it again.",
			Output: check.LastLines(strings.Join(p.Lines(), "\n"), check.OutputLines),
		})
	}
}

// largest is how large a batch the topic takes in the check of an event that is
// larger, in bytes.
const largest = 20_000

// An event that Kafka never takes holds up no other, and is reported. It waits
// among others of its order, so that they are sent together.
func TestStep08_AnEventThatIsTooLargeHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	topic := newTopic(c)
	kafka.Open(c).Configure(topic, "max.message.bytes", fmt.Sprint(largest))
	tap := kafka.Open(c).Tap()
	p := startOn(c, topic, "10s", "KAFKA="+tap.Address)
	p.orders = 1
	p.send(1)
	p.settle()
	tap.Delay(300 * time.Millisecond)
	p.send(1)
	p.asked(tap)
	p.send(3) // they wait behind the one that is being sent
	p.detail = strings.Repeat("x", largest)
	p.large = p.send(1)[0]
	p.detail = ""
	p.send(3)
	tap.Delay(0)
	p.gaveUp()
	p.settle()
	p.free()
	_ = p.CloseInput()
	exit, over := p.Ended(5 * time.Second)
	if !over || exit.Code != 1 {
		got := "still there after 5 s"
		if over {
			got = exit.Say
		}
		c.NotYet(check.Finding{
			Say: "An event was too large to be sent, all others are stored, and the program produce does not end with exit status 1.",
			Got: got, Want: "exit status 1 at once", At: c.FirstFile("produce/main.go"),
			Next: "When stdin ends and nothing is left to send, end at once; with exit status 1 if an event was not sent.", Output: p.Output(),
		})
	}
	p.inLog()
}

// gaveUp ends the check as not yet where the program does not report that one
// event, or reports others.
func (p *producer) gaveUp() {
	p.c.Helper()
	proc.Await(p.c, 5*time.Second, func() *check.Finding {
		if counts(unsent, p.Running)[p.large] > 0 {
			return nil
		}
		return &check.Finding{
			Say: "An event is larger than the topic allows, and produce does not report it.", Got: fmt.Sprintf("nothing about %s", p.large),
			Want: fmt.Sprintf(`{"unsent":%q}`, p.large), At: p.c.FirstFile("produce/send.go", "produce/main.go"),
			Next: "Give an event up if its error is kafka.MessageSizeTooLarge: to send it again does not help.",
		}
	}, p.Running)
	if others := counts(unsent, p.Running); len(others) > 1 {
		p.c.NotYet(check.Finding{
			Say: "One event is larger than the topic allows, and others are given up with it.", Got: fmt.Sprintf("unsent: %d events", len(others)),
			Want: fmt.Sprintf("only the event %s", p.large), At: p.c.FirstFile("produce/send.go", "produce/main.go"),
			Next: "Kafka refuses a batch as a whole. Send its events one by one, and give up the one that is refused alone.", Output: p.Output(),
		})
	}
}
