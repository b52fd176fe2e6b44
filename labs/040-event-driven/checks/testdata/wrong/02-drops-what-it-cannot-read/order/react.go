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
	"StockReserved": {from: "Placed", to: "Confirmed", tell: "OrderConfirmed"},
	"StockRejected": {from: "Placed", to: "Rejected", tell: "OrderRejected"},
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
	o := order{ID: about.Order}
	err := s.db.QueryRow(ctx, `
		UPDATE orders SET status = $3 WHERE id = $1 AND status = $2
		RETURNING sku, quantity, address`, o.ID, m.from, m.to).Scan(&o.SKU, &o.Quantity, &o.Address)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("move order: %w", err)
	}
	return s.tell(ctx, m.tell, o)
}
