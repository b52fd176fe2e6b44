// Package outbox publishes an event if, and only if, the change it tells of is
// committed. The event waits in a table of the same database, written in the same
// transaction; a relay carries it to Kafka. It knows nothing of what the events mean.
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
    key   text NOT NULL,
    event json NOT NULL
);`

// A relay looks into the table when it is told of an event, and after this time anyway;
// it tries again after a while what has failed.
const (
	anyway = time.Second
	again  = 200 * time.Millisecond
)

// relayLock is the number of the relays' lock: the same in all instances.
const relayLock = 70

// row is an event that waits.
type row struct {
	ID    int64
	Key   string
	Event event.Event
}

// Add puts the event into the outbox, as part of the transaction, and tells the relay
// when that is committed.
func Add(ctx context.Context, tx pgx.Tx, e event.Event) error {
	if _, err := tx.Exec(ctx, "INSERT INTO outbox (key, event) VALUES ($1, $2)", e.Key, e); err != nil {
		return fmt.Errorf("store %s: %w", e.Type, err)
	}
	if _, err := tx.Exec(ctx, "NOTIFY outbox"); err != nil {
		return fmt.Errorf("tell the relay: %w", err)
	}
	return nil
}

// Relay sends what is in the outbox, oldest first, until ctx ends. An event whose answer
// is lost is sent again, with the same id. Each instance of a service has a relay; the
// one that has the lock works, and the others ask for it again and again.
func Relay(ctx context.Context, db *pgxpool.Pool, events *event.Publisher) {
	for ctx.Err() == nil {
		err := db.AcquireFunc(ctx, func(conn *pgxpool.Conn) error { return relay(ctx, conn, events) })
		if err != nil && ctx.Err() == nil {
			slog.Error("relay", "err", err)
		}
		wait(ctx, again)
	}
}

// relay works while its connection lasts, if the lock is free. The lock belongs to the
// connection, and ends with it, however this process ends.
func relay(ctx context.Context, conn *pgxpool.Conn, events *event.Publisher) error {
	var mine bool
	err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", relayLock).Scan(&mine)
	if err != nil || !mine {
		return err
	}
	defer conn.Conn().Close(context.WithoutCancel(ctx)) // and the lock with it
	if _, err := conn.Exec(ctx, "LISTEN outbox"); err != nil {
		return err
	}
	for ctx.Err() == nil && !conn.Conn().IsClosed() {
		sent, err := send(ctx, conn, events)
		switch {
		case err != nil:
			slog.Error("relay", "err", err)
			wait(ctx, again)
		case sent == 0:
			listen(ctx, conn)
		}
	}
	return nil
}

// listen waits until somebody has added an event, or a while is over.
func listen(ctx context.Context, conn *pgxpool.Conn) {
	ctx, cancel := context.WithTimeout(ctx, anyway)
	defer cancel()
	_, _ = conn.Conn().WaitForNotification(ctx) // a broken connection is closed then
}

func wait(ctx context.Context, pause time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
}

// send carries the oldest events, and removes them, and no others, once Kafka has them.
// No transaction is open while Kafka answers.
func send(ctx context.Context, conn *pgxpool.Conn, events *event.Publisher) (sent int, err error) {
	rows, _ := conn.Query(ctx, "SELECT id, key, event FROM outbox ORDER BY id LIMIT 100")
	waiting, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row]) // and Query's error
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	var ids []int64
	var all []event.Event
	for _, w := range waiting {
		w.Event.Key = w.Key // which is not in its JSON
		ids, all = append(ids, w.ID), append(all, w.Event)
	}
	if err := events.Publish(ctx, all...); err != nil {
		return 0, err
	}
	_, err = conn.Exec(ctx, "DELETE FROM outbox WHERE id = ANY ($1)", ids)
	return len(all), err
}
