// Package event is what the shop's programs say to each other through Kafka,
// and to you on stdout. It knows nothing of Kafka.
package event

import (
	"encoding/json"
	"os"
	"sync"
)

// Event is something that happened in the shop.
type Event struct {
	ID    string `json:"id"`              // "e-17", different for each event
	Order string `json:"order,omitempty"` // "order-7"; empty for what belongs to no order
	Kind  string `json:"kind"`            // "placed", "paid", "shipped", or "visit"
}

// Parse reads an event from a line of JSON.
func Parse(line []byte) (Event, error) {
	var e Event
	err := json.Unmarshal(line, &e)
	return e, err
}

var stdout sync.Mutex

// Say prints a line of JSON on stdout. It may be called from many goroutines.
func Say(v any) {
	stdout.Lock()
	defer stdout.Unlock()
	_ = json.NewEncoder(os.Stdout).Encode(v)
}
