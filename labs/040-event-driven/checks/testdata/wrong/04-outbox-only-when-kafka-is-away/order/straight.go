package main

import (
	"context"
	"time"

	"shop/event"
)

// straight publishes to Kafka, without a way round, where that is quick.
func (s *shop) straight(ctx context.Context, o order) error {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	e, err := event.New(ctx, "OrderPlaced", o.ID, facts{o.ID, o.SKU, o.Quantity, o.Address})
	if err != nil {
		return err
	}
	return s.events.Publish(ctx, event.Orders, e)
}
