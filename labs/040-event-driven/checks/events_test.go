//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"cnalab/labs/check"
)

// The topics that the steps name.
const (
	orders     = "orders"
	stocks     = "stock"
	deliveries = "deliveries"
)

// event is an event as the steps show it, and the message that carried it.
type event struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Data struct {
		Order    string `json:"order"`
		SKU      string `json:"sku"`
		Quantity int    `json:"quantity"`
		Address  string `json:"address"`
	} `json:"data"`

	message check.Message
}

// topic is what came on one topic since it was followed.
type topic struct {
	*check.Follower
	name string
}

func (s *shop) follow(name string) topic {
	s.Helper()
	return topic{s.Kafka().Follow(name), name}
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

// shows is what came, for a finding: the last few values.
func (t topic) shows() string {
	messages := t.Messages()
	if len(messages) == 0 {
		return "nothing on the topic " + t.name
	}
	var lines []string
	for _, m := range messages[max(0, len(messages)-3):] {
		lines = append(lines, fmt.Sprintf("key %q: %.300s", m.Key, m.Value))
	}
	return strings.Join(lines, "\n")
}

// wait waits for an event of the type about the order, and returns it.
func (s *shop) wait(t topic, kind, order, at string) event {
	s.Helper()
	within := chain
	if kind == "OrderPlaced" {
		within = soon
	}
	var found []event
	s.eventually(within, func() *check.Finding {
		if found = t.of(kind, order); len(found) > 0 {
			return nil
		}
		return &check.Finding{
			Say:    fmt.Sprintf("No %s about the order comes on the topic %s.", kind, t.name),
			Got:    t.shows(),
			Want:   fmt.Sprintf(`{"id": …, "type": %q, "data": {"order": %q, …}}`, kind, order),
			At:     at,
			Output: s.logs(),
		}
	})
	return found[0]
}

// redeliver puts the same messages on the topic once more: each in its own
// partition, but those of different keys shuffled among each other.
func (s *shop) redeliver(t topic, events []event) {
	s.Helper()
	events = append([]event(nil), events...)
	rand.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	for _, e := range events {
		s.Kafka().ProduceTo(t.name, e.message.Partition, e.message)
	}
}

// fence returns when product has handled all that is on the topic orders
// now. It orders what is not in stock until each of the partitions holds a
// later order, and waits for their answers: a partition is handled in order.
func (s *shop) fence(events []event) {
	s.Helper()
	open := map[int]bool{}
	for _, e := range events {
		open[e.message.Partition] = true
	}
	placed := s.follow(orders)
	for tries := 0; len(open) > 0 && tries < 100; tries++ {
		o := s.place(order{SKU: fresh("sku"), Quantity: 1})
		e := s.wait(placed, "OrderPlaced", o.ID, "")
		if open[e.message.Partition] {
			s.becomes(o, "Rejected", "")
			delete(open, e.message.Partition)
		}
	}
}
