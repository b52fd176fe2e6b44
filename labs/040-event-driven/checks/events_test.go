//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
)

// The topics that the steps name.
const (
	orders     = "orders"
	stocks     = "stock"
	deliveries = "deliveries"

	deadLetters = "dead-letters"
)

// facts is what an event tells of.
type facts struct {
	Order    string `json:"order"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
	Address  string `json:"address,omitempty"`
}

// event is an event as the steps show it, and the message that carried it.
type event struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Time string `json:"time"`
	Data facts  `json:"data"`

	message kafka.Message
}

// trace is the trace that the event belongs to.
func (e event) trace() string {
	parts := strings.Split(e.message.Headers["traceparent"], "-")
	if len(parts) != 4 {
		return ""
	}
	return parts[1]
}

// topic is what came on one topic since it was followed.
type topic struct {
	*kafka.Follower
	name string
}

func (s *shop) follow(name string) topic {
	s.Helper()
	return topic{kafka.Open(s.C).Follow(name), name}
}

// where returns the events that keep answers true for, oldest first within
// each partition. What is not an event is left out.
func (t topic) where(keep func(event) bool) []event {
	var kept []event
	for _, m := range t.Messages() {
		e := event{message: m}
		if json.Unmarshal([]byte(m.Value), &e) == nil && keep(e) {
			kept = append(kept, e)
		}
	}
	return kept
}

// of returns the events of a type about an order.
func (t topic) of(kind, order string) []event {
	return t.where(func(e event) bool { return e.Type == kind && e.Data.Order == order })
}

// shows is what came, for a finding: the last few.
func (t topic) shows() string {
	messages := t.Messages()
	if len(messages) == 0 {
		return fmt.Sprintf("nothing on the topic %s", t.name)
	}
	var lines []string
	for _, m := range messages[max(0, len(messages)-3):] {
		var e struct {
			Type string
			Data json.RawMessage
		}
		if json.Unmarshal([]byte(m.Value), &e) != nil || e.Type == "" {
			lines = append(lines, fmt.Sprintf("something that is no event, with the key %q: %.200s", m.Key, m.Value))
			continue
		}
		lines = append(lines, fmt.Sprintf("%s with the key %q and the data %.200s", e.Type, m.Key, e.Data))
	}
	return strings.Join(lines, "\n")
}

// wait waits for an event of the type about the order, and returns it.
func (s *shop) wait(t topic, kind, order, at string) event {
	s.Helper()
	if kind == "OrderPlaced" {
		return s.waitWithin(orRecovery(soon), t, kind, order, at, "order")
	}
	return s.waitWithin(orRecovery(chain), t, kind, order, at)
}

// waitWithin is wait with a time, and with the services whose log tells why.
func (s *shop) waitWithin(within time.Duration, t topic, kind, order, at string, of ...string) event {
	s.Helper()
	var found []event
	s.eventually(within, func() *check.Finding {
		if found = t.of(kind, order); len(found) > 0 {
			return nil
		}
		return &check.Finding{
			Say:  fmt.Sprintf("No %s about the order comes on the topic %s.", kind, t.name),
			Got:  t.shows(),
			Want: fmt.Sprintf("%s with the order %q in its data", kind, order),
			At:   at,
			Next: nextOf[kind],
		}
	}, of...)
	return found[0]
}

// nextOf says what to do about an event that does not come.
var nextOf = map[string]string{
	"OrderPlaced":    "Publish it where the order is stored.",
	"StockReserved":  "Let product listen to the topic orders, in a group of its own, and publish its answer on the topic stock.",
	"StockRejected":  "Let product answer an order of more than there is, too.",
	"StockReturned":  "Let product give the stock of a cancelled order back, and publish it on the topic stock.",
	"OrderConfirmed": "Let order publish it on the topic orders when an order becomes Confirmed.",
	"OrderRejected":  "Let order publish it on the topic orders when an order becomes Rejected.",
	"OrderCancelled": "Let order publish it on the topic orders when an order becomes Cancelled.",
	"DeliveryFailed": "delivery is complete: reset it where you have changed it.",
}

// same compares what an event says of an order with the order.
func (s *shop) same(e event, o order) {
	s.Helper()
	const line = "key %s, order %s, sku %s, quantity %d, address %s"
	s.says(e, fmt.Sprintf(line, o.ID, o.ID, o.SKU, o.Quantity, o.Address),
		fmt.Sprintf(line, e.message.Key, e.Data.Order, e.Data.SKU, e.Data.Quantity, e.Data.Address),
		"order/orders.go", "The key is the order's id, so that all events of one order stay in order.")
}

// answers compares what product answers with the order.
func (s *shop) answers(e event, o order) {
	s.Helper()
	const line = "key %s, order %s, sku %s, quantity %d"
	s.says(e, fmt.Sprintf(line, o.SKU, o.ID, o.SKU, o.Quantity),
		fmt.Sprintf(line, e.message.Key, e.Data.Order, e.Data.SKU, e.Data.Quantity),
		"product/react.go", "The key is the sku, so that all that happens to a sku stays in order.")
}

func (s *shop) says(e event, want, got, at, next string) {
	s.Helper()
	if got != want {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("%s does not have the data and the key that the step asks for.", e.Type),
			Got: got, Want: want, At: at, Next: next,
		})
	}
}

// together ends the check as not yet where events of one key are spread over
// partitions: between those there is no order.
func (s *shop) together(events []event, at string) {
	s.Helper()
	in := map[string]int{}
	for _, e := range events {
		before, known := in[e.message.Key]
		if known && before != e.message.Partition {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("Events of the key %s are on different partitions, so nothing keeps them in order.", e.message.Key),
				Got: fmt.Sprintf("partitions %d and %d", before, e.message.Partition), Want: "one partition for each key", At: at,
				Next: "Let the partition follow from the key: the balancer is kafka.Hash.",
			})
		}
		in[e.message.Key] = e.message.Partition
	}
}

// carries ends the check as not yet where an event is not in the trace.
func (s *shop) carries(e event, trace, at string) {
	s.Helper()
	if e.trace() != trace {
		s.NotYet(check.Finding{
			Say:  fmt.Sprintf("%s does not carry the trace of the request that caused it.", e.Type),
			Got:  fmt.Sprintf("traceparent: %s", e.message.Headers["traceparent"]),
			Want: fmt.Sprintf("traceparent: 00-%s-…-01", trace), At: at,
			Next: "Hand down the ctx that your function is given, to event.New and to all on the way there.",
		})
	}
}
