package main

import (
	"context"
	"errors"
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
		for _, e := range events {
			if err := apply(ctx, tx, e); err != nil {
				return fmt.Errorf("apply %s, offset %d of partition %d: %w", e.Type, e.Offset, e.Partition, err)
			}
		}
		return nil
	})
}

// apply changes the view by one event. An event that came before changes nothing, and
// neither does one that cannot be read: to try again would not help.
func apply(ctx context.Context, tx pgx.Tx, e event.Event) error {
	var f facts
	if err := e.Decode(&f); err != nil {
		slog.Warn("skip", "offset", e.Offset, "partition", e.Partition, "err", err)
		return nil
	}
	tag, err := tx.Exec(ctx, `
		INSERT INTO pages (customer, version) VALUES ($1, $2)
		ON CONFLICT (customer) DO UPDATE SET version = excluded.version WHERE pages.version < excluded.version`,
		f.Customer, f.Version)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	switch e.Type {
	case "OrderPlaced":
		return placed(ctx, tx, f)
	case "OrderPacked":
		_, err = tx.Exec(ctx, "UPDATE lines SET status = 'Packing' WHERE id = $1", f.Order)
	case "OrderCancelled":
		return cancelled(ctx, tx, f)
	}
	return err
}

// placed adds a line to the page.
func placed(ctx context.Context, tx pgx.Tx, f facts) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO lines (id, customer, name, quantity, total, status, placed)
		VALUES ($1, $2, $3, $4, $5, 'Placed', $6)`,
		f.Order, f.Customer, f.Name, f.Quantity, f.Total, f.Placed)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE pages SET orders = orders + 1, spent = spent + $2 WHERE customer = $1", f.Customer, f.Total)
	return err
}

// cancelled takes a line's total off the sum.
func cancelled(ctx context.Context, tx pgx.Tx, f facts) error {
	var total int64
	err := tx.QueryRow(ctx, "UPDATE lines SET status = 'Cancelled' WHERE id = $1 RETURNING total", f.Order).Scan(&total)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE pages SET spent = spent - $2 WHERE customer = $1", f.Customer, total)
	return err
}
