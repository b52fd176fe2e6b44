package main

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"shop/event"
)

// react looks under a lock, decides, and then tells.
func (s *shop) react(ctx context.Context, e event.Event) error {
	status := map[string]string{"StockReserved": "Confirmed", "StockRejected": "Rejected"}[e.Type]
	if status == "" {
		return nil
	}
	var about struct{ Order string }
	if err := json.Unmarshal(e.Data, &about); err != nil {
		return err
	}
	var o order
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx,
			"SELECT id, sku, quantity, address, status FROM orders WHERE id = $1 FOR UPDATE", about.Order)
		if err != nil {
			return err
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[order])
		if err != nil || len(found) == 0 {
			return err
		}
		o = found[0]
		if o.Status != "Placed" {
			return nil
		}
		_, err = tx.Exec(ctx, "UPDATE orders SET status = $1 WHERE id = $2", status, o.ID)
		return err
	})
	if err != nil || o.Status != "Placed" {
		return err
	}
	return s.tell(ctx, "Order"+status, o)
}
