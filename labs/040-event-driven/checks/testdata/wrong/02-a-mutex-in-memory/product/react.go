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
		return err
	}
	answer, err := s.reserve(ctx, r)
	if err != nil {
		return err
	}
	return s.events.Publish(ctx, event.Stock, answer)
}

// reserve takes the quantity from the stock where there is enough. The mutex
// lets nobody in between.
func (s *shop) reserve(ctx context.Context, r reservation) (event.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left, err := s.find(ctx, r.SKU)
	if err != nil {
		return event.Event{}, err
	}
	if left.Quantity < r.Quantity {
		return event.New(ctx, "StockRejected", r.SKU, r)
	}
	_, err = s.db.Exec(ctx, "UPDATE stock SET quantity = $2 WHERE sku = $1", r.SKU, left.Quantity-r.Quantity)
	if err != nil {
		return event.Event{}, fmt.Errorf("reserve stock: %w", err)
	}
	return event.New(ctx, "StockReserved", r.SKU, r)
}
