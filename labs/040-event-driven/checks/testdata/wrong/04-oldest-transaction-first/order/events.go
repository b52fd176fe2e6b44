package main

import (
	"context"

	"github.com/jackc/pgx/v5"

	"shop/event"
	"shop/outbox"
)

// facts is what the others are told of an order.
type facts struct {
	Order    string `json:"order"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
	Address  string `json:"address"`
}

// tell publishes what happened to an order if the transaction commits, keyed
// by its id: what happens to one order stays in order.
func tell(ctx context.Context, tx pgx.Tx, kind string, o order) error {
	e, err := event.New(ctx, kind, o.ID, facts{o.ID, o.SKU, o.Quantity, o.Address})
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, e)
}
