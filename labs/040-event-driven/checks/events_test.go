//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
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

	message kafka.Message
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
	if kind == "OrderPlaced" {
		return s.waitWithin(soon, t, kind, order, at, "order")
	}
	return s.waitWithin(chain, t, kind, order, at)
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
			Want: fmt.Sprintf(`{"id": …, "type": %q, "data": {"order": %q, …}}`, kind, order),
			At:   at,
			Next: nextOf[kind],
		}
	}, of...)
	return found[0]
}

// nextOf says what to do about an event that does not come.
var nextOf = map[string]string{
	"OrderPlaced":    "Publish it where the order is stored: see step 1.",
	"StockReserved":  "Let product listen to the topic orders, in a group of its own, and tell its answer on the topic stock.",
	"StockRejected":  "Let product answer an order of more than there is, too.",
	"StockReturned":  "Let product give the stock of a cancelled order back, and tell it on the topic stock.",
	"OrderConfirmed": "Let order tell it on the topic orders when it makes an order Confirmed.",
	"OrderRejected":  "Let order tell it on the topic orders when it makes an order Rejected.",
	"OrderCancelled": "Let order tell it on the topic orders when it makes an order Cancelled.",
	"DeliveryFailed": "delivery is complete: reset it where you have changed it.",
}

// same compares what an event says of an order with the order.
func (s *shop) same(e event, o order) {
	s.Helper()
	s.says(e, o.ID, fmt.Sprintf("order %s, sku %s, quantity %d, address %s", o.ID, o.SKU, o.Quantity, o.Address),
		fmt.Sprintf("order %s, sku %s, quantity %d, address %s", e.Data.Order, e.Data.SKU, e.Data.Quantity, e.Data.Address),
		"The key is the order's id, so that all events of one order stay in order.")
}

// answers compares what product answers with the order.
func (s *shop) answers(e event, o order) {
	s.Helper()
	s.says(e, o.SKU, fmt.Sprintf("order %s, sku %s, quantity %d", o.ID, o.SKU, o.Quantity),
		fmt.Sprintf("order %s, sku %s, quantity %d", e.Data.Order, e.Data.SKU, e.Data.Quantity),
		"The key is the sku, so that all that happens to a sku stays in order.")
}

func (s *shop) says(e event, key, want, got, next string) {
	s.Helper()
	want, got = "key "+key+", "+want, "key "+e.message.Key+", "+got
	if got == want {
		return
	}
	at := "product/react.go"
	if strings.HasPrefix(e.Type, "Order") {
		at = "order/orders.go"
	}
	s.NotYet(check.Finding{
		Say: e.Type + " does not say what the step asks for, under the key it asks for.", Got: got, Want: want, At: at, Next: next,
	})
}

// redeliver puts the same messages on the topic once more, as Kafka would:
// those of one key in their order, different keys shuffled among each other.
func (s *shop) redeliver(t topic, events []event) {
	s.Helper()
	byKey := map[string][]event{}
	var order []string
	for _, e := range events {
		byKey[e.message.Key] = append(byKey[e.message.Key], e)
		order = append(order, e.message.Key)
	}
	rand.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, key := range order {
		next := byKey[key][0]
		byKey[key] = byKey[key][1:]
		kafka.Open(s.C).ProduceTo(t.name, next.message.Partition, next.message)
	}
}

// fence returns when product has handled all that is on these partitions of
// the topic orders now. It orders what is not in stock until each of them holds
// a later order, and waits for their answers: a partition is handled in order.
func (s *shop) fence(partitions ...int) {
	s.Helper()
	placed := s.follow(orders)
	for tries := 0; len(partitions) > 0 && tries < 100; tries++ {
		o := s.place(order{SKU: fresh("sku"), Quantity: 1})
		e := s.wait(placed, "OrderPlaced", o.ID, "order/orders.go")
		if at := slices.Index(partitions, e.message.Partition); at >= 0 {
			s.becomes(o, "Rejected", "product/react.go")
			partitions = slices.Delete(partitions, at, at+1)
		}
	}
}

// partitions are those of the events, each once.
func partitions(events []event) []int {
	in := map[int]bool{}
	for _, e := range events {
		in[e.message.Partition] = true
	}
	return slices.Collect(maps.Keys(in))
}

// quiet returns when the services have nothing to do any more, so that what
// they do next is what the check asks of them.
func (s *shop) quiet() {
	s.Helper()
	s.buy(order{SKU: fresh("sku"), Quantity: 1}) // where nothing is told there is nothing to wait for
	topic, _ := kafka.Open(s.C).Topic(orders)
	var all []int
	for partition := range topic.Partitions {
		all = append(all, partition)
	}
	s.fence(all...)
}
