package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"shop/event"
	"shop/outbox"
)

// stock is how much there is of one sku.
type stock struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// set stores the stock of a sku and the event that tells of it.
func (s *shop) set(ctx context.Context, in stock) error {
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO stock (sku, quantity) VALUES ($1, $2)
			ON CONFLICT (sku) DO UPDATE SET quantity = excluded.quantity`,
			in.SKU, in.Quantity)
		if err != nil {
			return fmt.Errorf("store stock: %w", err)
		}
		e, err := event.New(ctx, "StockSet", in.SKU, in)
		if err != nil {
			return err
		}
		return outbox.Add(ctx, tx, e)
	})
}

// find returns the stock of a sku.
func (s *shop) find(ctx context.Context, sku string) (stock, error) {
	found := stock{SKU: sku}
	err := s.db.QueryRow(ctx, "SELECT quantity FROM stock WHERE sku = $1", sku).Scan(&found.Quantity)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return stock{}, fmt.Errorf("query stock: %w", err)
	}
	return found, nil
}
