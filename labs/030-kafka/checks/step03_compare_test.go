//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/proc"
)

// figures are the medians that compare prints, in milliseconds.
type figures struct {
	Chain   float64 `json:"chain_ms"`
	Publish float64 `json:"publish_ms"`
}

// compare runs the program of that name against a broker at the address, as many
// at the same time as there are topics.
func compare(c *check.C, n int, broker string, topics ...string) (figures, *proc.Running) {
	c.Helper()
	program := proc.Build(c, "compare")
	var all []*proc.Running
	for _, topic := range topics {
		all = append(all, program.Start(proc.Call{
			Args: []string{"-topic", topic, "-n", fmt.Sprint(n)}, Env: []string{"KAFKA=" + broker},
		}))
	}
	var took figures
	for _, r := range all {
		ended(c, r, r.Wait(30*time.Second))
		took = figures{}
		if printed := r.Lines(); len(printed) == 0 || json.Unmarshal([]byte(printed[0]), &took) != nil || took.Chain == 0 {
			c.NotYet(check.Finding{
				Say: "The program compare does not print its figures.", Want: `{"chain_ms":…,"publish_ms":…} in its first line`,
				At: c.FirstFile("compare/main.go"), Next: "Change only publish.go, and leave main.go as it was.", Output: r.Output(),
			})
		}
	}
	return took, all[len(all)-1]
}

// published ends the check as not yet where there is not one event for each
// order, of the kind placed and with the order as key.
func published(c *check.C, topic string, n int, r *proc.Running) {
	c.Helper()
	keys, ids := map[string]int{}, map[string]bool{}
	messages := kafka.Open(c).Read(topic)
	for _, m := range messages {
		var e event
		if json.Unmarshal([]byte(m.Value), &e) != nil || e.Order != m.Key && m.Key != "" || e.Kind != "placed" || e.ID == "" || ids[e.ID] {
			c.NotYet(check.Finding{
				Say: "The program compare publishes a wrong event.",
				Got: fmt.Sprintf("key %q, value %q", m.Key, m.Value), Want: `a value like {"id":"e-17","order":"order-7","kind":"placed"}, with another id each`,
				At: c.FirstFile("compare/publish.go"), Next: "Publish an event.Event as JSON.", Output: r.Output(),
			})
		}
		keys[m.Key]++
		ids[e.ID] = true
	}
	if len(messages) != n {
		c.NotYet(check.Finding{
			Say: "The program compare does not publish one event for each order.", Got: fmt.Sprintf("events in the log: %d", len(messages)),
			Want: fmt.Sprintf("events in the log: %d, one for each order", n), At: c.FirstFile("compare/publish.go"),
			Next: "Write a message in place, and return when Kafka has stored it.", Output: r.Output(),
		})
	}
	for i := range n {
		if order := fmt.Sprintf("order-%d", i); keys[order] != 1 {
			c.NotYet(check.Finding{
				Say: "The program compare does not publish each order under its own key.", Got: fmt.Sprintf("messages with the key %s: %d", order, keys[order]),
				Want: fmt.Sprintf("messages with the key %s: 1", order), At: c.FirstFile("compare/publish.go"), Next: "Take the order as the message's key.",
			})
		}
	}
}

// ownIDs ends the check as not yet where two events have the same id, though
// they are of different runs.
func ownIDs(c *check.C, topic string, r *proc.Running) {
	c.Helper()
	ids := map[string]bool{}
	for _, m := range kafka.Open(c).Read(topic) {
		var e event
		_ = json.Unmarshal([]byte(m.Value), &e) // it was read before
		if ids[e.ID] {
			c.NotYet(check.Finding{
				Say: "Two runs of compare published events with the same id: a consumer that remembers ids takes the second event for a duplicate.",
				Got: fmt.Sprintf("id %q twice", e.ID), Want: "an id of its own for each event", At: c.FirstFile("compare/publish.go"),
				Next: "Take a random id: rand.Text of crypto/rand.", Output: r.Output(),
			})
		}
		ids[e.ID] = true
	}
}

// besideProduce ends the check as not yet where compare has published an order
// to another partition than produce takes for it: nobody would read its events
// in order.
func besideProduce(c *check.C, topic string, r *proc.Running) {
	c.Helper()
	from := map[string]int{}
	var paid []event
	for _, m := range kafka.Open(c).Read(topic) {
		from[m.Key] = m.Partition
		paid = append(paid, event{ID: "paid-" + m.Key, Order: m.Key, Kind: "paid"})
	}
	for _, m := range publish(c, paid) {
		if m.Partition != from[m.Key] {
			c.NotYet(check.Finding{
				Say:  fmt.Sprintf("The events of %s are on different partitions, so nobody reads them in order.", m.Key),
				Got:  fmt.Sprintf("from compare on partition %d, from produce on partition %d", from[m.Key], m.Partition),
				Want: "all on one partition, whichever process publishes them", At: c.FirstFile("compare/publish.go"),
				Next: "Give compare's Writer the same Balancer as produce's: a hash of the key.", Output: r.Output(),
			})
		}
	}
}

// Publishing is measured against a chain of calls.
func TestStep03_PublishingIsMeasuredAgainstAChainOfCalls(t *testing.T) {
	c := check.New(t)
	topic := newTopic(c)
	const n = 20
	took, r := compare(c, n, kafka.Open(c).Address, topic)
	published(c, topic, n, r)
	besideProduce(c, topic, r)
	const late = 60 * time.Millisecond
	tap := kafka.Open(c).Tap()
	tap.Delay(late)
	slow, again := compare(c, 3, tap.Address, topic, topic, topic) // two of them at least begin in the same second
	if slow.Publish < float64(late.Milliseconds()) {
		c.NotYet(check.Finding{
			Say: "The program compare does not wait until Kafka has stored an event.",
			Got: fmt.Sprintf("%.1f ms for an event, while Kafka's answers took %s", slow.Publish, late), Want: "place returns when Kafka has answered",
			At: c.FirstFile("compare/publish.go"), Next: "Set RequiredAcks to kafka.RequireAll, and do not set Async.", Output: again.Output(),
		})
	}
	for acks := range tap.Acks() {
		if acks != -1 {
			c.NotYet(check.Finding{
				Say: "An order may be lost though place has returned: the broker did not wait for all in-sync replicas.",
				Got: fmt.Sprintf("acks %d", acks), Want: "acks -1 (all)", At: c.FirstFile("compare/publish.go"),
				Next: "Set RequiredAcks to kafka.RequireAll; a Writer's default is to ask for none.",
			})
		}
	}
	ownIDs(c, topic, again)
	picture := strings.Join(r.Lines()[1:], "\n")
	if took.Publish >= took.Chain {
		c.NotYet(check.Finding{
			Say: "Publishing takes as long as the chain of four calls.", Got: fmt.Sprintf("%.1f ms", took.Publish),
			Want: fmt.Sprintf("less than %.1f ms", took.Chain), At: c.FirstFile("compare/publish.go"),
			Next: "A Writer waits BatchTimeout, 1 s, for more messages: set BatchSize to 1, or a shorter BatchTimeout.", Output: picture,
		})
	}
	c.Saw(check.Finding{
		Say: fmt.Sprintf("Publishing an order takes %.1f ms, the chain of four calls %.1f ms.", took.Publish, took.Chain), Output: picture,
	})
}
