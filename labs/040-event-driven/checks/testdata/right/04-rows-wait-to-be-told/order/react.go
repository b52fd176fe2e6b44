package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"shop/event"
	"shop/trace"
)

// react only changes the row; the teller sees that it has to be told.
func (s *shop) react(ctx context.Context, e event.Event) error {
	status := map[string]string{"StockReserved": "Confirmed", "StockRejected": "Rejected"}[e.Type]
	if status == "" {
		return nil
	}
	var about facts
	if err := e.Decode(&about); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx,
		"UPDATE orders SET status = $2, moved = now() WHERE id = $1 AND status = 'Placed'", about.Order, status)
	return err
}

// waiting is an order of which Kafka does not know all.
type waiting struct {
	order
	Told, Trace   string
	Placed, Moved time.Time
}

// tellRest tells, for ever, what rows say and Kafka does not know yet.
func (s *shop) tellRest(ctx context.Context) {
	for ctx.Err() == nil {
		rows, err := s.db.Query(ctx, `
			SELECT id, sku, quantity, address, status, told, trace, placed, moved
			FROM orders WHERE told <> status LIMIT 50`)
		var rest []waiting
		if err == nil {
			rest, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (w waiting, err error) {
				return w, row.Scan(&w.ID, &w.SKU, &w.Quantity, &w.Address, &w.Status, &w.Told, &w.Trace, &w.Placed, &w.Moved)
			})
		}
		for _, w := range rest {
			if err = s.tellOne(trace.With(ctx, w.Trace), w); err != nil {
				break
			}
		}
		if err != nil && ctx.Err() == nil {
			slog.Error("tell", "err", err)
		}
		time.Sleep(25 * time.Millisecond)
	}
}

// tellOne tells the next status of one order; Placed comes before any other.
func (s *shop) tellOne(ctx context.Context, w waiting) error {
	next, when := w.Status, w.Moved
	if w.Told == "" {
		next, when = "Placed", w.Placed
	}
	e, err := event.New(ctx, "Order"+next, w.ID, facts{w.ID, w.SKU, w.Quantity, w.Address})
	if err != nil {
		return err
	}
	e.ID, e.Time = next+"-"+w.ID, when.UTC() // the same each time
	if err := s.events.Publish(ctx, event.Orders, e); err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, "UPDATE orders SET told = $2 WHERE id = $1", w.ID, next)
	return err
}
