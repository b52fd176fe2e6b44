package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"shop/event"
)

// reservation is what product says about an order.
type reservation struct {
	Order    string `json:"order"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// react answers each placed order with StockReserved or StockRejected.
func (s *shop) react(ctx context.Context, e event.Event) error {
	if e.Type != "OrderPlaced" {
		return nil
	}
	var r reservation
	if err := e.Decode(&r); err != nil {
		return err
	}
	tx, err := s.db.BeginTx(ctx, pgx.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	// Both in one statement: take nothing where the event was done before.
	var first, taken bool
	err = tx.QueryRow(ctx, `
		WITH noted AS (
			INSERT INTO inbox.done (what, kind) VALUES ($1, $2)
			ON CONFLICT ON CONSTRAINT once DO NOTHING RETURNING what
		), took AS (
			UPDATE stock SET quantity = stock.quantity - $4
			FROM noted
			WHERE stock.sku = $3 AND stock.quantity >= $4 RETURNING sku
		)
		SELECT EXISTS (SELECT FROM noted), EXISTS (SELECT FROM took)`,
		e.ID, e.Type, r.SKU, r.Quantity).Scan(&first, &taken)
	if err != nil {
		return fmt.Errorf("reserve: %w", err)
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("reserve: %w", err)
	}
	if !first {
		return nil
	}
	kind := map[bool]string{true: "StockReserved", false: "StockRejected"}[taken]
	answer, err := event.New(ctx, kind, r.SKU, r)
	if err != nil {
		return err
	}
	return s.events.Publish(ctx, event.Stock, answer)
}
