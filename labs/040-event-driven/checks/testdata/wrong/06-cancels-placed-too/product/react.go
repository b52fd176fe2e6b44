package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"shop/event"
	"shop/outbox"
)

// reservation is what an order asks of the stock, and the answer to it.
type reservation struct {
	Order    string `json:"order"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// reactions has one for each event that the stock reacts to.
var reactions = map[string]func(context.Context, pgx.Tx, reservation) (event.Event, error){
	"OrderPlaced":    reserve,
	"OrderCancelled": giveBack,
}

// react does what the event asks of the stock, and answers.
func (s *shop) react(ctx context.Context, e event.Event) error {
	do, known := reactions[e.Type]
	if !known {
		return nil
	}
	var r reservation
	if err := e.Decode(&r); err != nil {
		return err
	}
	// The stock, the memory of the event and the answer to it change
	// together, or not at all.
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		seen, err := before(ctx, tx, e)
		if seen || err != nil {
			return err
		}
		answer, err := do(ctx, tx, r)
		if err != nil {
			return err
		}
		return outbox.Add(ctx, tx, answer)
	})
}

// before reports whether the event was handled before, and remembers it.
func before(ctx context.Context, tx pgx.Tx, e event.Event) (bool, error) {
	tag, err := tx.Exec(ctx, "INSERT INTO handled (event) VALUES ($1) ON CONFLICT DO NOTHING", e.ID)
	if err != nil {
		return false, fmt.Errorf("remember event: %w", err)
	}
	return tag.RowsAffected() == 0, nil
}

// reserve takes the quantity from the stock where there is enough. One
// statement looks and takes, so that nobody comes in between.
func reserve(ctx context.Context, tx pgx.Tx, r reservation) (event.Event, error) {
	tag, err := tx.Exec(ctx,
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

// giveBack is the compensation: it undoes what reserve did. Only a confirmed
// order is cancelled, so there was a reservation.
func giveBack(ctx context.Context, tx pgx.Tx, r reservation) (event.Event, error) {
	_, err := tx.Exec(ctx, "UPDATE stock SET quantity = quantity + $2 WHERE sku = $1", r.SKU, r.Quantity)
	if err != nil {
		return event.Event{}, fmt.Errorf("give stock back: %w", err)
	}
	return event.New(ctx, "StockReturned", r.SKU, r)
}
