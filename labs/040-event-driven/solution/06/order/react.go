package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"shop/event"
)

// move brings an order from one status to the next, and tells of it.
type move struct{ from, to, tell string }

// moves has one for each event that an order reacts to.
var moves = map[string]move{
	"StockReserved":  {from: "Placed", to: "Confirmed", tell: "OrderConfirmed"},
	"StockRejected":  {from: "Placed", to: "Rejected", tell: "OrderRejected"},
	"DeliveryFailed": {from: "Confirmed", to: "Cancelled", tell: "OrderCancelled"},
}

// react moves the order that the event is about. An order that is not in the
// status it would move from stays as it is: the event came before.
func (s *shop) react(ctx context.Context, e event.Event) error {
	m, known := moves[e.Type]
	if !known {
		return nil
	}
	var about facts
	if err := e.Decode(&about); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		o, err := apply(ctx, tx, m, about.Order)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("move order: %w", err)
		}
		return tell(ctx, tx, m.tell, o)
	})
}

// apply makes the move, and returns the order that moved.
func apply(ctx context.Context, tx pgx.Tx, m move, id string) (order, error) {
	o := order{ID: id}
	err := tx.QueryRow(ctx, `
		UPDATE orders SET status = $3 WHERE id = $1 AND status = $2
		RETURNING sku, quantity, address`, id, m.from, m.to).Scan(&o.SKU, &o.Quantity, &o.Address)
	return o, err
}
