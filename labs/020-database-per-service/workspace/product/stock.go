package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// taken is how much of the stock an order took.
type taken struct {
	Order    string `json:"order"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

var errTooFew = errors.New("there is not so much in stock")

// takeStock takes stock for an order, once.
func (s *shop) takeStock(ctx context.Context, t taken) error {
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "INSERT INTO taken (order_id, sku, quantity) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", t.Order, t.SKU, t.Quantity)
		if err != nil {
			return fmt.Errorf("note what is taken: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return nil // it took it before
		}
		tag, err = tx.Exec(ctx, "UPDATE stock SET quantity = quantity - $2 WHERE sku = $1 AND quantity >= $2", t.SKU, t.Quantity)
		if err != nil {
			return fmt.Errorf("take stock: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return errTooFew
		}
		return nil
	})
}

// allTaken returns what each order took.
func (s *shop) allTaken(ctx context.Context) ([]taken, error) {
	rows, err := s.db.Query(ctx, "SELECT order_id, sku, quantity FROM taken ORDER BY order_id")
	if err != nil {
		return nil, fmt.Errorf("query what was taken: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[taken])
}
