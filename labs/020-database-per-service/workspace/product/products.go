package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// product is a product, as HTTP shows it.
type product struct {
	SKU   string `json:"sku"`
	Name  string `json:"name"`
	Price int64  `json:"price"` // in cents
	Stock int    `json:"stock"`
}

var errUnknown = errors.New("no such product")

// set stores a product and its stock.
func (s *shop) set(ctx context.Context, p product) error {
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO products (sku, name, price) VALUES ($1, $2, $3)
			ON CONFLICT (sku) DO UPDATE SET name = excluded.name, price = excluded.price`, p.SKU, p.Name, p.Price)
		if err != nil {
			return fmt.Errorf("store product: %w", err)
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO stock (sku, quantity) VALUES ($1, $2)
			ON CONFLICT (sku) DO UPDATE SET quantity = excluded.quantity`, p.SKU, p.Stock)
		if err != nil {
			return fmt.Errorf("store stock: %w", err)
		}
		return nil
	})
}

// find returns one product.
func (s *shop) find(ctx context.Context, sku string) (product, error) {
	rows, err := s.db.Query(ctx, "SELECT sku, name, price, quantity FROM products JOIN stock USING (sku) WHERE sku = $1", sku)
	if err != nil {
		return product{}, fmt.Errorf("query product: %w", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[product])
	if errors.Is(err, pgx.ErrNoRows) {
		return product{}, errUnknown
	}
	return p, err
}

// bestseller is a product with how much of it was sold.
type bestseller struct {
	SKU  string `json:"sku"`
	Name string `json:"name"`
	Sold int    `json:"sold"`
}

// bestsellers returns the ten products that were sold most.
func (s *shop) bestsellers(ctx context.Context) ([]bestseller, error) {
	rows, err := s.db.Query(ctx, "SELECT sku, name, sold FROM products JOIN sales USING (sku) ORDER BY sold DESC, sku LIMIT 10")
	if err != nil {
		return nil, fmt.Errorf("query bestsellers: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[bestseller])
}
