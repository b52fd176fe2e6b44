package main

import (
	"context"
	"errors"
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
		if err != nil || answer.ID == "" {
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
	kind, state := "StockReserved", "taken"
	if tag.RowsAffected() == 0 {
		kind, state = "StockRejected", "refused"
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO reservations (order_id, sku, quantity, state) VALUES ($1, $2, $3, $4)
		ON CONFLICT (order_id) DO NOTHING`, r.Order, r.SKU, r.Quantity, state)
	if err != nil {
		return event.Event{}, fmt.Errorf("write into the book: %w", err)
	}
	return event.New(ctx, kind, r.SKU, r)
}

// giveBack returns what the book says that an order had taken. One that was
// refused, or has got it back, gets nothing, and nothing is told.
func giveBack(ctx context.Context, tx pgx.Tx, r reservation) (event.Event, error) {
	var state string
	err := tx.QueryRow(ctx, "SELECT sku, quantity, state FROM reservations WHERE order_id = $1 FOR UPDATE", r.Order).
		Scan(&r.SKU, &r.Quantity, &state)
	switch {
	case errors.Is(err, pgx.ErrNoRows): // placed before there was a book: the event says what it had taken
	case err != nil:
		return event.Event{}, fmt.Errorf("look into the book: %w", err)
	case state != "taken":
		return event.Event{}, nil
	}
	_, err = tx.Exec(ctx, "UPDATE stock SET quantity = quantity + $2 WHERE sku = $1", r.SKU, r.Quantity)
	if err != nil {
		return event.Event{}, fmt.Errorf("give stock back: %w", err)
	}
	if _, err := tx.Exec(ctx, "UPDATE reservations SET state = 'returned' WHERE order_id = $1", r.Order); err != nil {
		return event.Event{}, fmt.Errorf("write into the book: %w", err)
	}
	return event.New(ctx, "StockReturned", r.SKU, r)
}
