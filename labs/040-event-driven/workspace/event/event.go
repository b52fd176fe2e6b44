// Package event is how the services of the shop tell each other what
// happened: an envelope, a publisher and a subscription. It knows nothing of
// what the events mean.
package event

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"shop/trace"
)

// The topics of the shop.
const (
	Orders     = "orders"     // key: the order's id
	Stock      = "stock"      // key: the sku
	Deliveries = "deliveries" // key: the order's id

	DeadLetters = "dead-letters" // what could not be handled
)

// Event is a fact: something that has happened.
type Event struct {
	ID   string          `json:"id"`   // names this fact, however often it is delivered
	Type string          `json:"type"` // "OrderPlaced"
	Time time.Time       `json:"time"`
	Data json.RawMessage `json:"data"`

	Key   string `json:"-"` // facts with one key stay in order
	Trace string `json:"-"` // the traceparent, a header in Kafka
}

// New makes an event with an id of its own, in the trace of ctx.
func New(ctx context.Context, kind, key string, data any) (Event, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return Event{}, fmt.Errorf("encode %s: %w", kind, err)
	}
	return Event{
		ID:    rand.Text(),
		Type:  kind,
		Time:  time.Now().UTC(),
		Data:  raw,
		Key:   key,
		Trace: trace.Parent(ctx),
	}, nil
}

// Decode reads the event's data into out.
func (e Event) Decode(out any) error {
	if err := json.Unmarshal(e.Data, out); err != nil {
		return fmt.Errorf("decode %s: %w", e.Type, err)
	}
	return nil
}
