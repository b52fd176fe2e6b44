package main

import (
	"context"
	"fmt"

	"shop/event"
)

// reservation is what an order asks of the stock, and the answer to it.
type reservation struct {
	Order    string `json:"order"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// react reserves stock for an order that was placed, and answers.
func (s *shop) react(ctx context.Context, e event.Event) error {
	if e.Type != "OrderPlaced" {
		return nil
	}
	var r reservation
	if err := e.Decode(&r); err != nil {
		return nil // it would hold up the others
	}
	answer, err := s.reserve(ctx, r)
	if err != nil {
		return err
	}
	return s.events.Publish(ctx, event.Stock, answer)
}

// reserve takes the quantity from the stock where there is enough. One
// statement looks and takes, so that nobody comes in between.
func (s *shop) reserve(ctx context.Context, r reservation) (event.Event, error) {
	tag, err := s.db.Exec(ctx,
		"UPDATE stock SET quantity = quantity - $2 WHERE sku = $1 AND quantity >= $2",
		r.SKU, r.Quantity)
	if err != nil {
		return event.Event{}, fmt.Errorf("reserve stock: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return event.New(ctx, "StockRejected", r.SKU, r)
	}
	return event.New(ctx, "StockReserved", r.SKU, r)
}
