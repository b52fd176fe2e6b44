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

// kinds is what happens to an order, in this order. Its customer looks at it
// in between: a kind does not say whether there is an order.
var kinds = []string{"placed", "paid", "visit", "packed"}

// interleaved makes events of several orders, mixed as they come in a shop.
func interleaved(orders int) []event {
	var all []event
	for i, kind := range kinds {
		for o := range orders {
			all = append(all, event{ID: fmt.Sprintf("e-%d", i*orders+o+1), Order: fmt.Sprintf("order-%d", o+1), Kind: kind, Total: 10 * (o + 1)})
		}
	}
	return all
}

func stdin(events []event) string {
	var text strings.Builder
	for _, e := range events {
		text.WriteString(e.line() + "\n")
	}
	return text.String()
}

// publish runs produce, a process for each part, and returns what is on its
// topic then, by event. Each event must be there once, as it was given.
func publish(c *check.C, parts ...[]event) map[string]kafka.Message {
	c.Helper()
	topic := newTopic(c)
	var events []event
	var r *proc.Running
	for _, part := range parts {
		r = proc.Build(c, "produce").Run(20*time.Second, proc.Call{Args: []string{"-topic", topic}, Stdin: stdin(part)})
		ended(c, r, r.Wait(0))
		events = append(events, part...)
	}
	found := map[string]kafka.Message{}
	proc.Await(c, 2*time.Second, func() *check.Finding {
		found = map[string]kafka.Message{}
		messages := kafka.Open(c).Read(topic)
		for _, m := range messages {
			var e event
			if json.Unmarshal([]byte(m.Value), &e) == nil {
				found[e.ID] = m
			}
		}
		for _, e := range events {
			if m, there := found[e.ID]; !there || m.Value != e.line() || len(messages) != len(events) {
				return &check.Finding{
					Say:  "The topic does not have the same events as stdin.",
					Got:  fmt.Sprintf("%d messages; %s: %q", len(messages), e.ID, m.Value),
					Want: fmt.Sprintf("%d messages; %s: %q", len(events), e.ID, e.line()),
					Next: "Publish each line once, as one message, unchanged.",
				}
			}
		}
		return nil
	}, r)
	return found
}

// All events of an order are on one partition, in order, whichever process publishes them.
func TestStep02_AnOrderStaysOnOnePartition(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	events := interleaved(8)
	half := len(events) / 2
	found := publish(c, events[:half], events[half:])
	last, used := map[string]kafka.Message{}, map[int]bool{}
	for _, e := range events {
		m := found[e.ID]
		before, seen := last[e.Order]
		switch {
		case seen && m.Partition != before.Partition:
			c.NotYet(check.Finding{
				Say:  fmt.Sprintf("The events of %s are on different partitions, so nobody reads them in order.", e.Order),
				Got:  fmt.Sprintf("%s on partition %d, %s on partition %d", kinds[0], before.Partition, e.Kind, m.Partition),
				Want: "all on one partition, whichever process publishes them", At: c.FirstFile("produce/kafka.go", "produce/main.go"),
				Next: "Give the message a key that says which order it is about, and let a hash of the key choose the partition.",
			})
		case seen && m.Offset < before.Offset:
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("The events of %s are not in the order in which they happened.", e.Order),
				Got: fmt.Sprintf("%s at offset %d, after an event at offset %d", e.Kind, m.Offset, before.Offset), Want: strings.Join(kinds, ", "),
				At: c.FirstFile("produce/main.go"), Next: "Send the events of one order one after the other.",
			})
		case m.Key != e.Order:
			c.NotYet(check.Finding{
				Say: "The key of a message is not its order.",
				Got: fmt.Sprintf("key %q for %s", m.Key, e.line()), Want: fmt.Sprintf("key %q", e.Order),
				At: c.FirstFile("produce/kafka.go", "produce/main.go"), Next: "Take the event's order as key.",
			})
		}
		last[e.Order], used[m.Partition] = m, true
	}
	if len(used) < 2 {
		c.NotYet(check.Finding{
			Say: "All orders are on one partition, so only one member of a group can read them.",
			Got: "1 partition for 8 orders", Want: "more than one", At: c.FirstFile("produce/kafka.go", "produce/main.go"),
			Next: "Choose the partition by a hash of the key.",
		})
	}
}

// Events without an order are spread over the partitions.
func TestStep02_WhatHasNoOrderIsSpread(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	var loose []event
	for i := range 60 {
		loose = append(loose, event{ID: fmt.Sprintf("v-%d", i+1), Kind: []string{"visit", "restocked"}[i%2]})
	}
	used := map[string]map[int]bool{"visit": {}, "restocked": {}}
	found := publish(c, loose)
	for _, e := range loose {
		m := found[e.ID]
		if m.Key != "" {
			c.NotYet(check.Finding{
				Say: "An event without an order has a key.", Got: fmt.Sprintf("key %q for %s", m.Key, e.line()), Want: "no key",
				At: c.FirstFile("produce/kafka.go", "produce/main.go"), Next: "Do not set a key if the event has no order.",
			})
		}
		used[e.Kind][m.Partition] = true
	}
	for kind, partitions := range used {
		if len(partitions) < 3 {
			c.NotYet(check.Finding{
				Say: "Events without an order do not use all partitions.",
				Got: fmt.Sprintf("%q on %d of 3 partitions", kind, len(partitions)), Want: "all 3",
				At:   c.FirstFile("produce/kafka.go", "produce/main.go"),
				Next: "Leave Key nil, not empty, if there is no order. The Hash balancer then takes one partition after the other.",
			})
		}
	}
}
