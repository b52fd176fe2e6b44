// Package event is what the shop's programs say to each other through Kafka,
// and to you on stdout. It knows nothing of Kafka.
package event

import (
	"encoding/json"
	"errors"
	"os"
	"sync"
)

// Event is something that happened in the shop.
type Event struct {
	ID       string `json:"id"`                 // "e-17", different for each event
	Order    string `json:"order,omitempty"`    // "order-7"; empty for what belongs to no order
	Customer string `json:"customer,omitempty"` // "customer-3"; only the program load names one
	Kind     string `json:"kind"`               // "placed", "paid", "shipped", or "visit"
}

// Parse reads an event from a line of JSON.
func Parse(line []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(line, &e); err != nil {
		return Event{}, err
	}
	if e.ID == "" {
		return Event{}, errors.New("an event without an id")
	}
	return e, nil
}

var stdout sync.Mutex

// Say prints a line of JSON on stdout. It may be called from many goroutines.
func Say(v any) {
	stdout.Lock()
	defer stdout.Unlock()
	_ = json.NewEncoder(os.Stdout).Encode(v) // nobody is left to tell when stdout is closed
}
