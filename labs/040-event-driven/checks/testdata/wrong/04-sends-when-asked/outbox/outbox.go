// Package outbox publishes an event if, and only if, the change it tells of
// is committed. The event waits in a table of the same database, written in
// the same transaction; a relay carries it to Kafka. It knows nothing of what
// the events mean.
package outbox

import (
	"context"
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
    key   text,
    trace text,
    event json
);`

// Add puts the event into the outbox, as part of the transaction.
func Add(ctx context.Context, tx pgx.Tx, e event.Event) error {
	_, err := tx.Exec(ctx, "INSERT INTO outbox (key, trace, event) VALUES ($1, $2, $3)", e.Key, e.Trace, e)
	select {
	case wake <- true:
	default:
	}
	return err
}

// Relay sends what is in the outbox to the topic, oldest first, until ctx
// ends. An event whose answer is lost is sent again, with the same id.
var wake = make(chan bool, 1)

func Relay(ctx context.Context, db *pgxpool.Pool, events *event.Publisher, topic string) {
	for ctx.Err() == nil {
		if err := send(ctx, db, events, topic); err != nil {
			slog.Error("relay", "err", err)
		}
		select {
		case <-wake:
			time.Sleep(20 * time.Millisecond) // until it is committed
		case <-ctx.Done():
		}
	}
}

// send carries the oldest events, and removes them, and no others, once Kafka
// has them: meanwhile somebody may have added one with a lower id.
func send(ctx context.Context, db *pgxpool.Pool, events *event.Publisher, topic string) error {
	rows, _ := db.Query(ctx, "SELECT id, event, key, trace FROM outbox ORDER BY id LIMIT 100")
	var ids []int64
	waiting, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e event.Event, err error) {
		var id int64
		err = row.Scan(&id, &e, &e.Key, &e.Trace)
		ids = append(ids, id)
		return e, err
	})
	if err != nil {
		return fmt.Errorf("read outbox: %w", err)
	}
	if err := events.Publish(ctx, topic, waiting...); err != nil {
		return err
	}
	_, err = db.Exec(ctx, "DELETE FROM outbox WHERE id = ANY ($1)", ids)
	return err
}
