//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"
)

const bound = 20

// producer is a running produce that is fed line by line.
type producer struct {
	*proc.Running
	c      *check.C
	topic  string
	orders int    // the events are of so many orders
	next   string // what to do where it leaves a line unanswered
	detail string // what more the events say
	sent   []string

	rejected int    // lines that are no events, so far
	large    string // the event that is too large, if there is one
}

// startProducer starts a produce that writes to a topic of its own.
func startProducer(c *check.C, patience string, env ...string) *producer {
	c.Helper()
	return startOn(c, newTopic(c), patience, env...)
}

func startOn(c *check.C, topic, patience string, env ...string) *producer {
	c.Helper()
	return startBounded(c, bound, topic, patience, env...)
}

func startBounded(c *check.C, bound int, topic, patience string, env ...string) *producer {
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
		e := event{ID: fmt.Sprintf("e-%d", len(p.sent)+1), Order: fmt.Sprintf("order-%d", len(p.sent)%p.orders), Kind: "placed", Detail: p.detail}
		if err := p.Send(e.line()); err != nil {
			p.Sound()
			p.c.NotYet(check.Finding{
				Say: "The program produce does not read its stdin any more.", Got: err.Error(), Want: "each line read and answered",
				At: p.c.FirstFile("produce/main.go"), Next: p.next, Output: p.Output(),
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
			Say: "Events are neither accepted nor refused: their sender gets no answer.",
			Got: fmt.Sprintf("no answer for %s", some(silent)), Want: `{"accepted":…} or {"refused":…} at once, whatever Kafka does`,
			At: p.c.FirstFile("produce/main.go"), Next: p.next,
		}
	}, p.Running)
	return ids
}

// unasked ends the check as not yet: events are stored, and nobody was told
// that they are taken.
func (p *producer) unasked(ids []string) {
	p.c.Helper()
	p.c.NotYet(check.Finding{
		Say: "Events are stored, and were neither accepted nor refused before: their sender waits for Kafka.",
		Got: fmt.Sprintf("only stored: %s", some(ids)), Want: `{"accepted":…} or {"refused":…} at once, whatever Kafka does`,
		At: p.c.FirstFile("produce/main.go"), Next: "Read and send in two goroutines, with a queue between them.", Output: p.Output(),
	})
}

// taken lists those of the events that were accepted and can be stored.
func (p *producer) taken(ids []string) []string {
	in := counts(accepted, p.Running)
	var all []string
	for _, id := range ids {
		if in[id] > 0 && id != p.large {
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
			Got: fmt.Sprintf("%s not stored after 15 s", some(lost)), Want: "every accepted event stored", At: p.c.FirstFile("produce/main.go"),
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
			Say: "Accepted events are not in the log.", Got: fmt.Sprintf("without the events %s", some(lost)),
			Want: "every accepted event, once or more", At: p.c.FirstFile("produce/main.go"),
			Next: "Print that an event is stored only after its write has succeeded.", Output: p.Output(),
		})
	}
	for id := range counts(refused, p.Running) {
		if in[id] > 0 {
			p.c.NotYet(check.Finding{
				Say: "An event was refused, and it is in the log.", Got: id, Want: "refused events left out",
				At: p.c.FirstFile("produce/main.go"), Next: "Decide whether to refuse an event before you put it into the queue.", Output: p.Output(),
			})
		}
	}
	for id, n := range counts(stored, p.Running) {
		if n > 1 {
			p.c.NotYet(check.Finding{
				Say: "The program produce says of one event more than once that it is stored: it sends again what is stored, and gives its place back each time.",
				Got: fmt.Sprintf("stored %d times: %s", n, id), Want: "stored once", At: p.c.FirstFile("produce/send.go", "produce/main.go"),
				Next: "Send again only what failed: in a kafka.WriteErrors, the entry of a message that is stored is nil.", Output: p.Output(),
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
				Got: strings.Join(got, ", "), Want: strings.Join(want, ", "), At: p.c.FirstFile("produce/main.go"),
				Next: "Do not send the events of one order at the same time. Send a failed event again before you send later events of its order.", Output: p.Output(),
			})
		}
	}
}

// end closes stdin and waits for a good end. The program has 10 s of patience,
// which it does not need: nothing is left.
func (p *producer) end() {
	p.c.Helper()
	_ = p.CloseInput()
	exit, over := p.Ended(8 * time.Second)
	if !over {
		p.c.NotYet(check.Finding{
			Say: "Nothing is left to send, and the program produce does not end.", Got: "still there after 8 s", Want: "an end at once",
			At: p.c.FirstFile("produce/main.go"), Next: "Wait for -patience only if something is left to send.", Output: p.Output(),
		})
	}
	ended(p.c, p.Running, exit)
}
