package main

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"shop/event"
	"shop/outbox"
)

// undo gives back what is reserved for an order that cannot be delivered. The
// reservation goes with it, so that there is nothing to give back twice.
func (s *shop) undo(ctx context.Context, e event.Event) error {
	if e.Type != "DeliveryFailed" {
		return nil
	}
	var r reservation
	if err := e.Decode(&r); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx,
			"DELETE FROM reserved WHERE order_id = $1 RETURNING sku, quantity", r.Order).Scan(&r.SKU, &r.Quantity)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE stock SET quantity = quantity + $2 WHERE sku = $1", r.SKU, r.Quantity)
		if err != nil {
			return err
		}
		answer, err := event.New(ctx, "StockReturned", r.SKU, r)
		if err != nil {
			return err
		}
		return outbox.Add(ctx, tx, answer)
	})
}
