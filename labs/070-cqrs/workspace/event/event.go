// Package event is how the services of the shop tell each other what happened: an
// envelope, a publisher and a follower. It knows nothing of what the events mean.
package event

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"
)

// Orders is the topic of all that happens to orders. Its key is the customer: what one
// customer does stays in order.
const Orders = "orders"

// Partitions is how many the topic has.
const Partitions = 3

// Event is a fact: something that has happened.
type Event struct {
	ID   string          `json:"id"`   // names this fact, however often it is delivered
	Type string          `json:"type"` // "OrderPlaced"
	Time time.Time       `json:"time"`
	Data json.RawMessage `json:"data"`

	Key       string `json:"-"`
	Partition int    `json:"-"` // where it is in the log
	Offset    int64  `json:"-"`
}

// New makes an event with an id of its own.
func New(kind, key string, data any) (Event, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return Event{}, fmt.Errorf("encode %s: %w", kind, err)
	}
	return Event{ID: rand.Text(), Type: kind, Time: time.Now().UTC(), Data: raw, Key: key}, nil
}

// Decode reads the event's data into out.
func (e Event) Decode(out any) error {
	if err := json.Unmarshal(e.Data, out); err != nil {
		return fmt.Errorf("decode %s: %w", e.Type, err)
	}
	return nil
}
