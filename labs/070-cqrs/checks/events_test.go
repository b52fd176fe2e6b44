//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
)

const topic = "orders"

// facts is what an event tells.
type facts struct {
	Customer string     `json:"customer"`
	Version  int64      `json:"version"`
	Order    string     `json:"order"`
	SKU      string     `json:"sku,omitempty"`
	Name     string     `json:"name,omitempty"`
	Quantity int        `json:"quantity,omitempty"`
	Total    int64      `json:"total,omitempty"`
	Placed   *time.Time `json:"placed,omitempty"`
}

// log is the topic of the events, from now on.
type log struct {
	s *shop
	*kafka.Client
	*kafka.Follower
}

// log returns the topic, which is there: somebody has ordered by then.
func (s *shop) log() *log {
	s.Helper()
	client := kafka.Open(s.C)
	l := &log{s, client, client.Follow(topic)}
	c := s.customer()
	c.places(cup, 1)
	l.brings(c, 1)
	return l
}

// brings waits until so many events of a customer are there, and returns them.
func (l *log) brings(c *customer, n int) (messages []kafka.Message) {
	l.s.Helper()
	l.s.AwaitServices(soon, func() *check.Finding {
		messages = nil
		for _, m := range l.Messages() {
			if m.Key == c.name {
				messages = append(messages, m)
			}
		}
		if len(messages) >= n {
			return nil
		}
		return &check.Finding{
			Say: "Events of a customer's orders do not come on the topic orders.", Got: fmt.Sprintf("%d events with the customer as key", len(messages)), Want: n, At: "order/orders.go",
			Next: "Let each command tell what has happened, through the outbox, as cancel does.",
		}
	}, "order")
	return messages
}

// message makes a message with an event of the check's own.
func (s *shop) message(key, kind string, data any) kafka.Message {
	s.Helper()
	value, err := json.Marshal(map[string]any{"id": fresh("event"), "type": kind, "time": time.Now().UTC(), "data": data})
	s.Must(err, "The check could not write an event.")
	return kafka.Message{Key: key, Value: string(value)}
}

// tells makes the message of an order that no table of orders knows, and notes it with
// the customer.
func (c *customer) tells(version int64, p product, quantity int) kafka.Message {
	c.s.Helper()
	placed := time.Date(2031, 3, 14, 9, 26, 53, 589793000, time.UTC).Add(time.Duration(version) * time.Minute)
	l := line{ID: fresh("order"), Name: p.name, Quantity: quantity, Total: int64(quantity) * p.price, Status: "Placed", Placed: placed}
	c.lines = append(c.lines, l)
	return c.s.message(c.name, "OrderPlaced", facts{c.name, version, l.ID, p.sku, p.name, quantity, l.Total, &placed})
}

// change makes the message of a change of an order.
func (c *customer) change(version int64, id, kind, status string) kafka.Message {
	c.s.Helper()
	c.becomes(id, status)
	return c.s.message(c.name, kind, facts{Customer: c.name, Version: version, Order: id})
}

func lastValue(messages []kafka.Message) string {
	if len(messages) == 0 {
		return "no event"
	}
	return fmt.Sprintf("%.300s", messages[len(messages)-1].Value)
}
