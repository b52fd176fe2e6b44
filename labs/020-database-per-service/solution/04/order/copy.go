package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"shop/client"
)

// pause is how long the copy may be behind product, about.
const pause = 300 * time.Millisecond

// refresh keeps the copy of product's products up to date, until ctx ends. While
// product does not answer, the copy stays as it is.
func (s *shop) refresh(ctx context.Context) {
	for {
		if err := s.copyChanges(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("refresh the copy", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// copyChanges copies what has changed since the last time. What is copied and how far
// it goes are stored together.
func (s *shop) copyChanges(ctx context.Context) error {
	var until int64
	if err := s.db.QueryRow(ctx, "SELECT n FROM product_copy_until").Scan(&until); err != nil {
		return fmt.Errorf("read how far the copy goes: %w", err)
	}
	changes, err := client.ChangesAfter(ctx, until)
	if err != nil || changes.Until == until {
		return err
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		// A second order may have copied more meanwhile: it has the row now, or had it.
		tag, err := tx.Exec(ctx, "UPDATE product_copy_until SET n = $1 WHERE n = $2", changes.Until, until)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		for _, p := range changes.Products {
			_, err := tx.Exec(ctx, `
				INSERT INTO product_copy (sku, name, price) VALUES ($1, $2, $3)
				ON CONFLICT (sku) DO UPDATE SET name = excluded.name, price = excluded.price`, p.SKU, p.Name, p.Price)
			if err != nil {
				return fmt.Errorf("store a copy: %w", err)
			}
		}
		return nil
	})
}

// copied returns what the copy says of a product.
func (s *shop) copied(ctx context.Context, sku string) (name string, price int64, err error) {
	err = s.db.QueryRow(ctx, "SELECT name, price FROM product_copy WHERE sku = $1", sku).Scan(&name, &price)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", 0, errRefused
	}
	if err != nil {
		return "", 0, fmt.Errorf("query the copy: %w", err)
	}
	return name, price, nil
}
