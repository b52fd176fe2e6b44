//go:build lab

package checks

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// While Kafka is paused, as many events are accepted as -bound says, and all of them are stored later.
func TestStep07_AcceptsWithinItsBoundWhileKafkaIsPaused(t *testing.T) {
	c := check.New(t)
	fault := c.Fault("kafka")
	p := startProducer(c, "10s")
	p.send(5)
	p.settle()
	pause(c, 100*time.Millisecond) // a place may be given back a moment after
	fault.Pause()
	sent := append(p.send(3), p.send(bound+7)...) // the first are on their way when the others come
	if n := len(p.taken(sent)); n != bound {
		c.NotYet(check.Finding{
			Say: "While Kafka was paused, produce did not accept as many events as -bound says.",
			Got: fmt.Sprintf("%d accepted, %d refused", n, len(sent)-n), Want: fmt.Sprintf("%d accepted, %d refused", bound, len(sent)-bound),
			At: c.FirstFile("produce/main.go"), Next: "Count every event from its acceptance until it is stored; those being sent count too.",
		})
	}
	fault.Heal()
	p.settle()
	p.end()
	p.inLog()
}

// Each line is answered before Kafka has answered for the first time.
func TestStep07_AnswersBeforeKafkaDoes(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	p := startOn(c, fresh("orders"), "10s", "KAFKA="+nobody)
	p.next = "Answer the first line before Kafka has answered for the first time. Let the goroutine that sends make the connection."
	p.send(3)
}

// A line of 1 MiB is accepted, and one that is longer by a byte is rejected. Kafka may refuse the first later, so nobody stores it here.
func TestStep07_ALineOfOneMebibyteIsAccepted(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	p := startOn(c, fresh("orders"), "10s", "KAFKA="+nobody)
	p.next = "Take lines of up to 1 MiB, 1048576 bytes without the newline. A buffer for such a line needs a place for the newline, too."
	bare := event{ID: "e-1", Order: "order-0", Kind: "placed", Detail: "x"}
	p.detail = strings.Repeat("x", 1<<20-len(bare.line())+1)
	p.send(1)
	bare.Detail = p.detail + "x"
	p.rejects("a line of 1 MiB and a byte", bare.line())
}

// A line that is no event takes no place, and is rejected where there is no room as well.
func TestStep07_ALineThatIsNoEventTakesNoPlace(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	p := startOn(c, fresh("orders"), "10s", "KAFKA="+nobody)
	for range bound {
		p.rejects("a line that is not JSON", "not JSON")
	}
	p.next = "Take a place for a line after you know that it is an event."
	if n := len(p.taken(p.send(bound))); n != bound {
		c.NotYet(check.Finding{
			Say: fmt.Sprintf("After %d lines that are no events, produce did not accept as many events as -bound says.", bound),
			Got: fmt.Sprintf("%d accepted, %d refused", n, bound-n), Want: fmt.Sprintf("%d accepted, %d refused", bound, 0),
			At: c.FirstFile("produce/accept.go", "produce/main.go"), Next: p.next, Output: p.Output(),
		})
	}
	p.rejects("a line that is not JSON, where there is no room for an event", "not JSON")
}

// A line that is no event is rejected, and the next one is read.
func TestStep07_ALineThatIsNoEventIsRejected(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	p := startProducer(c, "10s")
	p.send(1)
	p.rejects("a line of more than 1 MiB", event{ID: "e-long", Kind: "placed", Detail: strings.Repeat("x", 3_000_000)}.line())
	p.send(1)
	p.rejects("a line that is not JSON", `{"id":"e-2","order"`)
	p.send(1)
	p.detail = strings.Repeat("x", 1_000_000)
	next := p.next
	p.next = "Take lines of up to 1 MiB. A bufio.Scanner takes 64 KiB if you do not give it a larger buffer."
	p.send(1) // long, and no longer than a line may be
	p.detail, p.next = "", next
	p.rejects("an event without an id", `{"order":"order-1","kind":"placed"}`)
	p.send(2)
	p.settle()
	_ = p.SendText("the last line") // without its newline; a program that reads no more is told of by the wait
	p.end()
	p.rejected++
	if number := len(p.sent) + p.rejected; !slices.ContainsFunc(lines(p.Running), func(l line) bool { return l.Rejected == number }) {
		c.NotYet(check.Finding{
			Say: "The last line of stdin was no event and had no newline, and produce ended without an answer to it.", Got: "no answer", Want: fmt.Sprintf(`{"rejected":%d}`, number),
			At: c.FirstFile("produce/accept.go", "produce/main.go"), Next: "Answer each line before you read the next one. At the end of stdin, look at what was read before it.", Output: p.Output(),
		})
	}
	p.inLog()
	if n := len(kafka.Open(c).Read(p.topic)); n != len(p.sent) {
		c.NotYet(check.Finding{
			Say: "Lines that are no events are in the log.", Got: fmt.Sprintf("messages: %d", n), Want: fmt.Sprintf("messages: %d, one for each event", len(p.sent)),
			At: c.FirstFile("produce/main.go"), Next: "Do not put a line that you reject into the queue.", Output: p.Output(),
		})
	}
}

// When stdin ends, what was accepted is stored before the program ends.
func TestStep07_WhatIsLeftIsStoredWhenStdinEnds(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	tap := kafka.Open(c).Tap()
	tap.Delay(300 * time.Millisecond)
	p := startProducer(c, "10s", "KAFKA="+tap.Address)
	p.send(bound / 2)
	p.end()
	if lost := missing(p.taken(p.sent), counts(stored, p.Running)); len(lost) > 0 {
		c.NotYet(check.Finding{
			Say: "The program produce ended when stdin ended, and accepted events are not stored.", Got: fmt.Sprintf("%s not stored", some(lost)),
			Want: "every accepted event stored", At: c.FirstFile("produce/main.go"), Next: "Before the program ends, wait until the goroutine that sends is done.", Output: p.Output(),
		})
	}
	p.inLog()
}

// An event that Kafka refused is not called stored, and the program's end tells that it is lost.
func TestStep07_AWriteThatFailsIsNotCalledStored(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	tap := kafka.Open(c).Tap()
	tap.Refuse(kmsg.Produce, math.MaxInt, kafkago.TopicAuthorizationFailed)
	p := startProducer(c, "1s", "KAFKA="+tap.Address)
	p.send(1)
	p.asked(tap)
	_ = p.CloseInput()
	exit, over := p.Ended(5 * time.Second)
	switch said := counts(stored, p.Running)[p.sent[0]]; {
	case said > 0:
		c.NotYet(check.Finding{
			Say: "Kafka refused a write, and produce says that the event is stored.", Got: fmt.Sprintf(`{"stored":%q}`, p.sent[0]), Want: "nothing of the kind",
			At: c.FirstFile("produce/send.go", "produce/main.go"), Next: "Look at the error of WriteMessages before you print that an event is stored.", Output: p.Output(),
		})
	case !over:
		c.NotYet(check.Finding{
			Say: "Kafka refuses each write, stdin has ended, and the program produce does not end.", Got: "still there after 5 s", Want: "an end",
			At: c.FirstFile("produce/send.go", "produce/main.go"), Next: "When a write has failed and stdin has ended, end the program.", Output: p.Output(),
		})
	case exit.OK():
		c.NotYet(check.Finding{
			Say: "An accepted event is lost, and produce ends with exit status 0.", Got: "exit status 0", Want: "another exit status",
			At: c.FirstFile("produce/main.go"), Next: "Keep the error of the goroutine that sends, and end with os.Exit(1) for it.", Output: p.Output(),
		})
	}
}

// rejects puts a line into stdin, and waits until it is rejected by its number.
func (p *producer) rejects(what, line string) {
	p.c.Helper()
	p.rejected++
	number := len(p.sent) + p.rejected
	want := fmt.Sprintf(`{"rejected":%d}`, number)
	_ = p.Send(line) // a program that reads no more is told of by the wait
	proc.Await(p.c, 3*time.Second, func() *check.Finding {
		found := map[int]int{}
		for _, l := range lines(p.Running) {
			if l.Rejected != 0 {
				found[l.Rejected]++
			}
		}
		if found[number] == 1 && len(found) == p.rejected {
			return nil
		}
		return &check.Finding{
			Say: fmt.Sprintf("The program produce does not reject %s.", what), Got: fmt.Sprintf("rejected lines: %v", slices.Sorted(maps.Keys(found))),
			Want: fmt.Sprintf("%s at once, for line %d", want, number), At: p.c.FirstFile("produce/accept.go", "produce/main.go"),
			Next: "Count the lines. Print the number of a line that is no event, and read on. A bufio.Scanner stops at a line that is too long; a bufio.Reader goes on.",
		}
	}, p.Running)
}
