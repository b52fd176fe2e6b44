// Package outbox publishes an event if, and only if, the change it tells of
// is committed. Its relay takes one event at a time out of the table, in a
// transaction that commits when Kafka has it.
package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"shop/event"
)

// Schema creates the table in which events wait, and who relays them.
const Schema = `
CREATE TABLE IF NOT EXISTS outbox (
    number serial PRIMARY KEY,
    body   bytea NOT NULL,
    key    bytea NOT NULL,
    trace  bytea NOT NULL
);`

// Add puts the event into the outbox, as part of the transaction.
func Add(ctx context.Context, tx pgx.Tx, e event.Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "INSERT INTO outbox (body, key, trace) VALUES ($1, $2, $3)", body, []byte(e.Key), []byte(e.Trace))
	return err
}

// Relay sends what is in the outbox to the topic, one by one, until ctx ends.
func Relay(ctx context.Context, db *pgxpool.Pool, events *event.Publisher, topic string) {
	for ctx.Err() == nil {
		err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error { return next(ctx, tx, events, topic) })
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			time.Sleep(100 * time.Millisecond)
		case err != nil:
			slog.Error("relay", "err", err)
			time.Sleep(200 * time.Millisecond)
		}
	}
}

// next sends the oldest event.
func next(ctx context.Context, tx pgx.Tx, events *event.Publisher, topic string) error {
	var body, key, trace []byte
	err := tx.QueryRow(ctx, `
		DELETE FROM outbox WHERE number = (SELECT min(number) FROM outbox)
		RETURNING body, key, trace`).Scan(&body, &key, &trace)
	if err != nil {
		return err
	}
	var e event.Event
	if err := json.Unmarshal(body, &e); err != nil {
		return err
	}
	e.Key, e.Trace = string(key), string(trace)
	return events.Publish(ctx, topic, e)
}
