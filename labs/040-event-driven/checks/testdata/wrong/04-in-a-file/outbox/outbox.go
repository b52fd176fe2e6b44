// Package outbox keeps events in a file until Kafka has them.
package outbox

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"shop/event"
)

// Schema is empty.
const Schema = ""

var mu sync.Mutex

func file() string {
	return filepath.Join(os.TempDir(), "outbox-"+os.Getenv("SERVICE")+os.Getenv("ADDR"))
}

type line struct {
	Key, Trace string
	Event      event.Event
}

// Add appends the event to the file.
func Add(ctx context.Context, e event.Event) error {
	mu.Lock()
	defer mu.Unlock()
	f, err := os.OpenFile(file(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := json.NewEncoder(f).Encode(line{e.Key, e.Trace, e}); err != nil {
		return err
	}
	return f.Sync()
}

// Relay sends what is in the file.
func Relay(ctx context.Context, db *pgxpool.Pool, events *event.Publisher, topic string) {
	for ctx.Err() == nil {
		if err := send(ctx, events, topic); err != nil {
			slog.Error("relay", "err", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func send(ctx context.Context, events *event.Publisher, topic string) error {
	mu.Lock()
	all, _ := os.ReadFile(file())
	mu.Unlock()
	var waiting []event.Event
	decoder := json.NewDecoder(bytes.NewReader(all))
	for decoder.More() {
		var l line
		if decoder.Decode(&l) != nil {
			break
		}
		l.Event.Key, l.Event.Trace = l.Key, l.Trace
		waiting = append(waiting, l.Event)
	}
	if err := events.Publish(ctx, topic, waiting...); err != nil {
		return err
	}
	mu.Lock()
	defer mu.Unlock()
	now, _ := os.ReadFile(file())
	return os.WriteFile(file(), now[len(all):], 0o600)
}
