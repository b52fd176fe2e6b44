package main

import (
	"context"

	"shop/event"
)

// facts is what the others are told of an order.
type facts struct {
	Order    string `json:"order"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
	Address  string `json:"address"`
}

// tell publishes what happened to an order, keyed by its id: what happens to
// one order stays in order.
func (s *shop) tell(ctx context.Context, kind string, o order) error {
	e, err := event.New(ctx, kind, o.ID, facts{o.ID, o.SKU, o.Quantity, o.Address})
	if err != nil {
		return err
	}
	return s.events.Publish(ctx, event.Orders, e)
}
