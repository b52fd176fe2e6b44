// Package outbox publishes an event if, and only if, the change it tells of
// is committed. The event waits in a table of the same database, written in
// the same transaction; a relay carries it to Kafka. It knows nothing of what
// the events mean.
package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"shop/event"
)

// Schema creates the table in which events wait.
const Schema = `
CREATE TABLE IF NOT EXISTS outbox (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key   text NOT NULL,
    trace text NOT NULL,
    event text NOT NULL
);`

// Add puts the event into the outbox, as part of the transaction.
func Add(ctx context.Context, tx pgx.Tx, e event.Event) error {
	text, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode %s: %w", e.Type, err)
	}
	_, err = tx.Exec(ctx, "INSERT INTO outbox (key, trace, event) VALUES ($1, $2, $3)", e.Key, e.Trace, string(text))
	if err != nil {
		return fmt.Errorf("keep %s for sending: %w", e.Type, err)
	}
	return nil
}

// Relay sends what is in the outbox to the topic, oldest first, until ctx
// ends. An event whose answer is lost is sent again, with the same id.
func Relay(ctx context.Context, db *pgxpool.Pool, events *event.Publisher, topic string) {
	for ctx.Err() == nil {
		sent, err := send(ctx, db, events, topic)
		if err != nil && ctx.Err() == nil {
			slog.Error("relay", "err", err)
		}
		if sent == 0 {
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// send carries the oldest events, and removes them once Kafka has them.
func send(ctx context.Context, db *pgxpool.Pool, events *event.Publisher, topic string) (sent int, err error) {
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		waiting, ids, err := oldest(ctx, tx)
		if err != nil || len(waiting) == 0 {
			return err
		}
		if err := events.Publish(ctx, topic, waiting...); err != nil {
			return err
		}
		sent = len(waiting)
		_, err = tx.Exec(ctx, "DELETE FROM outbox WHERE id = ANY ($1)", ids)
		return err
	})
	return sent, err
}

// oldest returns some waiting events and their ids, locked: there may be two
// relays for a moment, when a service is replaced.
func oldest(ctx context.Context, tx pgx.Tx) (waiting []event.Event, ids []int64, err error) {
	rows, err := tx.Query(ctx, "SELECT id, key, trace, event FROM outbox ORDER BY id LIMIT 100 FOR UPDATE")
	if err != nil {
		return nil, nil, fmt.Errorf("read outbox: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var key, trace, text string
		if err := rows.Scan(&id, &key, &trace, &text); err != nil {
			return nil, nil, fmt.Errorf("read outbox: %w", err)
		}
		var e event.Event
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			return nil, nil, fmt.Errorf("read outbox: %w", err)
		}
		e.Key, e.Trace = key, trace
		waiting, ids = append(waiting, e), append(ids, id)
	}
	return waiting, ids, rows.Err()
}
