//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
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

const bound = 20

// producer is a running produce that is fed line by line.
type producer struct {
	*proc.Running
	c      *check.C
	topic  string
	orders int    // the events are of so many orders
	next   string // what to do where it leaves a line unanswered
	sent   []string
}

// startProducer starts a produce that writes to a topic of its own.
func startProducer(c *check.C, patience string, env ...string) *producer {
	c.Helper()
	return startOn(c, newTopic(c), patience, env...)
}

func startOn(c *check.C, topic, patience string, env ...string) *producer {
	c.Helper()
	r := proc.Build(c, "produce").Start(proc.Call{
		Args: []string{"-topic", topic, "-bound", fmt.Sprint(bound), "-patience", patience}, Open: true, Env: env,
	})
	return &producer{
		Running: r, c: c, topic: topic, orders: 7,
		next: "Read and send in two goroutines, with a queue between them.",
	}
}

// send puts n events into stdin, and waits until each is answered.
func (p *producer) send(n int) []string {
	p.c.Helper()
	var ids []string
	for range n {
		e := event{ID: fmt.Sprintf("e-%d", len(p.sent)+1), Order: fmt.Sprintf("order-%d", len(p.sent)%p.orders), Kind: "placed"}
		if err := p.Send(e.line()); err != nil {
			p.Sound()
			p.c.NotYet(check.Finding{
				Say: "The program produce does not read its stdin any more.", Got: err.Error(), Want: "each line read and answered",
				At: at(p.c, "produce/main.go"), Next: "Read and send in two goroutines.", Output: p.Output(),
			})
		}
		ids, p.sent = append(ids, e.ID), append(p.sent, e.ID)
	}
	begin := time.Now()
	proc.Await(p.c, 3*time.Second, func() *check.Finding {
		done := counts(stored, p.Running)
		silent := missing(missing(ids, counts(accepted, p.Running)), counts(refused, p.Running))
		if len(silent) == 0 {
			return nil
		}
		if time.Since(begin) > 300*time.Millisecond && len(missing(silent, done)) == 0 {
			p.unasked(silent)
		}
		return &check.Finding{
			Say: "Events are neither accepted nor refused: whoever sent them waits.",
			Got: fmt.Sprintf("no answer for %s", some(silent)), Want: `{"accepted":…} or {"refused":…} at once, whatever Kafka does`,
			At: at(p.c, "produce/main.go"), Next: p.next,
		}
	}, p.Running)
	return ids
}

// unasked ends the check as not yet: events are stored, and nobody was told
// that they are taken.
func (p *producer) unasked(ids []string) {
	p.c.Helper()
	p.c.NotYet(check.Finding{
		Say: "Events are stored that were neither accepted nor refused: whoever sent them waits for Kafka.",
		Got: fmt.Sprintf("only stored: %s", some(ids)), Want: `{"accepted":…} or {"refused":…} at once, whatever Kafka does`,
		At: at(p.c, "produce/main.go"), Next: "Read and send in two goroutines, with a queue between them.", Output: p.Output(),
	})
}

// taken lists those of the events that were accepted.
func (p *producer) taken(ids []string) []string {
	in := counts(accepted, p.Running)
	var all []string
	for _, id := range ids {
		if in[id] > 0 {
			all = append(all, id)
		}
	}
	return all
}

// settle waits until all that was accepted is said to be stored.
func (p *producer) settle() {
	p.c.Helper()
	proc.Await(p.c, 15*time.Second, func() *check.Finding {
		lost := missing(p.taken(p.sent), counts(stored, p.Running))
		if len(lost) == 0 {
			return nil
		}
		return &check.Finding{
			Say: "Kafka answers again, and events that were accepted are not stored.",
			Got: fmt.Sprintf("%s not stored after 15 s", some(lost)), Want: "every accepted event stored", At: at(p.c, "produce/main.go"),
			Next: "Keep an event until a write of it has succeeded, and try again when one fails.",
		}
	}, p.Running)
}

// inLog ends the check as not yet where the log does not hold what the
// program said: each accepted event once or more, no refused one, and those of
// an order in their order.
func (p *producer) inLog() {
	p.c.Helper()
	in, first := map[string]int{}, map[string][]string{}
	for _, m := range kafka.Open(p.c).Read(p.topic) {
		var e event
		if json.Unmarshal([]byte(m.Value), &e) != nil {
			continue
		}
		if in[e.ID]++; in[e.ID] == 1 {
			first[e.Order] = append(first[e.Order], e.ID)
		}
	}
	if lost := missing(p.taken(p.sent), in); len(lost) > 0 {
		p.c.NotYet(check.Finding{
			Say: "Accepted events cannot be found in the log.", Got: fmt.Sprintf("without %s", some(lost)),
			Want: "every accepted event, once or more", At: at(p.c, "produce/main.go"),
			Next: "Say that an event is stored when its write has succeeded, and not before.", Output: p.Output(),
		})
	}
	for id := range counts(refused, p.Running) {
		if in[id] > 0 {
			p.c.NotYet(check.Finding{
				Say: "An event was refused and is in the log all the same.", Got: id, Want: "refused events left out",
				At: at(p.c, "produce/main.go"), Next: "Refuse an event before it is put where the sender finds it.", Output: p.Output(),
			})
		}
	}
	p.inOrder(first)
}

// inOrder ends the check as not yet where the events of an order are in the log
// in another order than that in which they were accepted. What is there twice
// counts where it is first.
func (p *producer) inOrder(first map[string][]string) {
	p.c.Helper()
	for order, got := range first {
		var want []string
		for _, id := range p.taken(p.sent) {
			if slices.Contains(got, id) {
				want = append(want, id)
			}
		}
		if !slices.Equal(got, want) {
			p.c.NotYet(check.Finding{
				Say: fmt.Sprintf("The events of %s are in the log in another order than they happened.", order),
				Got: strings.Join(got, ", "), Want: strings.Join(want, ", "), At: at(p.c, "produce/main.go"),
				Next: "Send again what comes first before you send what comes after it.", Output: p.Output(),
			})
		}
	}
}

// end closes stdin and waits for a good end. The program has 10 s of patience,
// which it does not need: nothing is left.
func (p *producer) end() {
	p.c.Helper()
	_ = p.CloseInput()
	exit, over := p.Ended(5 * time.Second)
	if !over {
		p.c.NotYet(check.Finding{
			Say: "Nothing is left to send, and the program produce does not end.", Got: "still there after 5 s", Want: "an end at once",
			At: at(p.c, "produce/main.go"), Next: "-patience is for what is left. Where nothing is, end.", Output: p.Output(),
		})
	}
	ended(p.c, p.Running, exit)
}

// While Kafka hangs, as many events are accepted as there is room for, and all
// of them are stored later.
func TestStep06_AcceptsWithinItsBoundWhileKafkaIsPaused(t *testing.T) {
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
			Say: "While Kafka was paused another number of events was accepted than -bound allows.",
			Got: fmt.Sprintf("%d accepted, %d refused", n, len(sent)-n), Want: fmt.Sprintf("%d accepted, %d refused", bound, len(sent)-bound),
			At: at(c, "produce/main.go"), Next: "Count every event from its acceptance until it is stored; those being sent count too.",
		})
	}
	fault.Heal()
	p.settle()
	p.end()
	p.inLog()
}

// What was accepted before Kafka was killed and restarted is in the log.
func TestStep06_NothingAcceptedIsLostWhenKafkaIsKilled(t *testing.T) {
	c := check.New(t)
	fault := c.Fault("kafka")
	topic := newTopic(c)           // for one that starts while Kafka is away
	p := startProducer(c, "200ms") // counts from the end of stdin, and nothing is left then
	p.send(5)
	pause(c, 250*time.Millisecond) // one that counts from its start has given up
	fault.Kill()
	p.send(bound / 2)
	late := startOn(c, topic, "10s")
	late.next = "Answer the first line before Kafka has answered for the first time: to connect is the sender's, in the background."
	late.send(3) // when they are stored is another matter: kafka-go may look for the broker again only seconds later
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
				Say: "All that was accepted is stored, and events are refused all the same.",
				Got: fmt.Sprintf("%d accepted, %d refused", n, bound-n), Want: fmt.Sprintf("%d accepted, %d refused", bound, 0),
				At: at(p.c, "produce/main.go"), Next: "Give an event's place back when it is stored, also where it took more than one write.", Output: p.Output(),
			})
		}
	}
}

// What the broker refuses for a moment is sent again before what came after it.
func TestStep06_WhatIsSentAgainKeepsItsPlace(t *testing.T) {
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

// What cannot be sent is reported.
func TestStep06_WhatCannotBeSentIsReported(t *testing.T) {
	c := check.New(t)
	fault := c.Fault("kafka")
	several, one := startProducer(c, "1s"), startProducer(c, "1s")
	for _, p := range []*producer{several, one} {
		p.send(3)
		p.settle()
	}
	fault.Kill()
	several.reports(4)
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
			Say: "The program produce does not give up after its patience, 1 s, is over.", Got: "still there after 8 s",
			Want: "an end, and a line for what is not sent", At: at(c, "produce/main.go"),
			Next: "Give what is left -patience to be sent when stdin has ended.", Output: p.Output(),
		})
	case len(silent) > 0:
		c.NotYet(check.Finding{
			Say: "Events were accepted and not stored, and nobody is told.", Got: fmt.Sprintf("nothing about %s", some(silent)),
			Want: `{"unsent":…} for each`, At: at(c, "produce/main.go"),
			Next: "Print what is left before the program ends.", Output: p.Output(),
		})
	case len(missing(p.sent[:3], counts(unsent, p.Running))) < 3:
		c.NotYet(check.Finding{
			Say: "Events that are stored are reported as not sent.", Got: fmt.Sprint(p.Lines()), Want: `{"unsent":…} for what is left, and no other`,
			At: at(c, "produce/main.go"), Next: "An event is left from its acceptance until it is stored.",
		})
	case exit.OK():
		c.NotYet(check.Finding{
			Say: "Events were not sent, and the program ends as if all were well.", Got: exit.Say, Want: "exit status 1",
			At: at(c, "produce/main.go"), Next: "End with os.Exit(1) where something is left.",
		})
	case exit.Code != 1:
		c.NotYet(check.Finding{
			Say: "Events were not sent, and the program does not end with the status that says so.", Got: exit.Say, Want: "exit status 1",
			At: at(c, "produce/main.go"), Next: "End with os.Exit(1) where something is left.", Output: p.Output(),
		})
	}
}

// What is left when stdin ends is sent when Kafka comes back in time.
func TestStep06_WhatIsLeftIsSentWithinThePatience(t *testing.T) {
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
			At: at(c, "produce/main.go"), Next: "When stdin ends, go on trying until -patience is over.", Output: p.Output(),
		})
	}
	p.end()
	p.inLog()
}

// The patience is for all that is left, whatever is stored meanwhile. Each event
// is on a partition of its own, as far as its hash allows, so that a program
// that writes them all at once hears of them one by one, too.
func TestStep06_ThePatienceIsForAllThatIsLeft(t *testing.T) {
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
			Say: "The patience is over, and the program produce goes on sending what is left.",
			Got: fmt.Sprintf("still there %s after stdin ended", 3*patience), Want: fmt.Sprintf("an end %s after stdin ended", patience),
			At: at(c, "produce/main.go"), Next: "Let -patience run once, from the end of stdin, whatever is stored meanwhile.",
			Output: check.LastLines(strings.Join(p.Lines(), "\n"), check.OutputLines),
		})
	}
}
