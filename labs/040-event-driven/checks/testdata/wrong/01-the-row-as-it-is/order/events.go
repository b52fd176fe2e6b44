package main

import (
	"context"

	"shop/event"
)

// tell publishes the order as HTTP shows it: its id is not named "order".
func (s *shop) tell(ctx context.Context, kind string, o order) error {
	e, err := event.New(ctx, kind, o.ID, o)
	if err != nil {
		return err
	}
	return s.events.Publish(ctx, event.Orders, e)
}
