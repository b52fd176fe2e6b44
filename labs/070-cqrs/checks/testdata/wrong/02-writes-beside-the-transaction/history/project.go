package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"shop/event"
	"shop/position"
)

// projection keeps the view up to date with the log.
type projection struct {
	db *pgxpool.Pool // as a role that may write the view
}

// facts is what the events say.
type facts struct {
	Customer string    `json:"customer"`
	Version  int64     `json:"version"`
	Order    string    `json:"order"`
	Name     string    `json:"name"`
	Quantity int       `json:"quantity"`
	Total    int64     `json:"total"`
	Placed   time.Time `json:"placed"`
}

// start is where to go on in a partition.
func (p *projection) start(ctx context.Context, partition int) (int64, error) {
	return position.Next(ctx, p.db, partition)
}

// project applies the events and moves the position: all of it, or nothing.
func (p *projection) project(ctx context.Context, events []event.Event) error {
	return pgx.BeginFunc(ctx, p.db, func(tx pgx.Tx) error {
		if err := position.Advance(ctx, tx, events); err != nil {
			return err
		}
		var changes pgx.Batch // sent together, carried out one after the other
		for _, e := range events {
			apply(&changes, e)
		}
		if err := p.db.SendBatch(ctx, &changes).Close(); err != nil {
			return fmt.Errorf("apply events from offset %d of partition %d: %w", events[0].Offset, events[0].Partition, err)
		}
		return nil
	})
}

// Each event is one statement. The first half of it counts the page's version up, which
// changes no row for an event that came before; then the second half changes nothing.
const (
	placed = `
		WITH page AS (
			INSERT INTO pages AS p (customer, version, orders, spent) VALUES ($1, $2, 1, $6)
			ON CONFLICT (customer) DO UPDATE SET version = $2, orders = p.orders + 1, spent = p.spent + $6
			WHERE p.version < $2 RETURNING customer)
		INSERT INTO lines (id, customer, name, quantity, total, status, placed)
		SELECT $3, customer, $4, $5, $6, 'Placed', $7 FROM page`
	packed = `
		WITH page AS (UPDATE pages SET version = $2 WHERE customer = $1 AND version < $2 RETURNING customer)
		UPDATE lines SET status = 'Packing' FROM page WHERE id = $3`
	cancelled = `
		WITH page AS (
			UPDATE pages SET version = $2, spent = spent - COALESCE((SELECT total FROM lines WHERE id = $3), 0)
			WHERE customer = $1 AND version < $2 RETURNING customer)
		UPDATE lines SET status = 'Cancelled' FROM page WHERE id = $3`
)

// apply adds what an event changes. One that cannot be read changes nothing: to try again
// would not help. Neither does one of a type that is not known.
func apply(changes *pgx.Batch, e event.Event) {
	var f facts
	if err := e.Decode(&f); err != nil {
		slog.Warn("skip", "offset", e.Offset, "partition", e.Partition, "err", err)
		return
	}
	switch e.Type {
	case "OrderPlaced":
		changes.Queue(placed, f.Customer, f.Version, f.Order, f.Name, f.Quantity, f.Total, f.Placed)
	case "OrderPacked":
		changes.Queue(packed, f.Customer, f.Version, f.Order)
	case "OrderCancelled":
		changes.Queue(cancelled, f.Customer, f.Version, f.Order)
	}
}
