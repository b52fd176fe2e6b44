package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"shop/event"
	"shop/outbox"
)

// facts is what others are told of a change. The version counts the changes of one
// customer's orders: 1, 2, 3 and so on.
type facts struct {
	Customer string `json:"customer"`
	Version  int64  `json:"version"`
	Order    string `json:"order"`
	*purchase
}

// purchase is what OrderPlaced says besides.
type purchase struct {
	SKU      string    `json:"sku"`
	Name     string    `json:"name"`
	Quantity int       `json:"quantity"`
	Total    int64     `json:"total"` // in cents
	Placed   time.Time `json:"placed"`
}

// tell publishes what happened if the transaction commits. The key is the customer: all
// changes of one customer's orders stay in the order of their versions.
func tell(ctx context.Context, tx pgx.Tx, kind string, f facts) error {
	e, err := event.New(kind, f.Customer, f)
	if err != nil {
		return err
	}
	return outbox.Add(ctx, tx, e)
}
