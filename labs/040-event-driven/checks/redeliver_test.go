//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"cnalab/labs/check/kafka"
)

// message makes a message with an event of the check's own.
func (s *shop) message(key, kind string, data facts) kafka.Message {
	s.Helper()
	value, err := json.Marshal(map[string]any{
		"id": fresh("event"), "type": kind, "time": time.Now().UTC(), "data": data,
	})
	s.Must(err, "The check could not write an event.")
	return kafka.Message{Key: key, Value: string(value)}
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

// crowd tells of more than a hundred orders of what nobody has, so that what
// product has handled before is long ago.
func (s *shop) crowd() {
	s.Helper()
	var messages []kafka.Message
	for range 120 {
		o := facts{Order: fresh("order"), SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
		messages = append(messages, s.message(o.Order, "OrderPlaced", o))
	}
	kafka.Open(s.C).Produce(orders, messages...)
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
			s.becomesWithin(recovery, o, "Rejected", "product/react.go") // a crowd may be before it
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
	answers := s.follow(stocks)
	s.answered(answers, "", s.buy(order{SKU: fresh("sku"), Quantity: 1})) // where nobody answers there is nothing to wait for
	topic, _ := kafka.Open(s.C).Topic(orders)
	s.fence(slices.Clone(topic.Partitions)...)
}

// through sends orders on their way until events of theirs have gone through
// every partition of the topics.
func (s *shop) through(way func() order, topics ...topic) {
	s.Helper()
	left := map[string]bool{}
	for _, t := range topics {
		described, _ := kafka.Open(s.C).Topic(t.name)
		for _, partition := range described.Partitions {
			left[fmt.Sprint(t.name, partition)] = true
		}
	}
	for tries := 0; len(left) > 0 && tries < 100; tries++ {
		o := way()
		for _, t := range topics {
			for _, e := range t.where(func(e event) bool { return e.Data.Order == o.ID }) {
				delete(left, fmt.Sprint(t.name, e.message.Partition))
			}
		}
	}
}

// recovered returns when all services hear what is told on any partition, after
// Kafka was away. A run of the next step's checks does not know that it was.
func (s *shop) recovered() {
	s.Helper()
	s.through(func() order {
		o := s.buy(order{SKU: s.stock(1), Quantity: 1})
		s.becomes(o, "Confirmed", "order/react.go")
		s.ships(o)
		return o
	}, s.follow(orders), s.follow(stocks))
}
