package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// order is one order, as HTTP shows it.
type order struct {
	ID       string    `json:"id"`
	SKU      string    `json:"sku"`
	Quantity int       `json:"quantity"`
	Address  string    `json:"address"`
	Placed   time.Time `json:"placed"`
	Name     string    `json:"name"`  // of the product
	Price    int64     `json:"price"` // of one, in cents
}

// errRefused means that the shop cannot take the order.
var errRefused = errors.New("an order needs a quantity above zero, of a product that is in stock")

// place takes the stock and stores the order, in one transaction.
func (s *shop) place(ctx context.Context, o *order) error {
	if o.Quantity <= 0 {
		return errRefused
	}
	o.ID = rand.Text()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "UPDATE stock SET quantity = quantity - $2 WHERE sku = $1 AND quantity >= $2", o.SKU, o.Quantity)
		if err != nil {
			return fmt.Errorf("take stock: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return errRefused
		}
		_, err = tx.Exec(ctx, "INSERT INTO orders (id, sku, quantity, address) VALUES ($1, $2, $3, $4)", o.ID, o.SKU, o.Quantity, o.Address)
		if err != nil {
			return fmt.Errorf("store order: %w", err)
		}
		_, err = tx.Exec(ctx, "INSERT INTO taken (order_id, sku, quantity) VALUES ($1, $2, $3)", o.ID, o.SKU, o.Quantity)
		if err != nil {
			return fmt.Errorf("note what was taken: %w", err)
		}
		return nil
	})
}

// page returns the orders to an address, newest first, with the product of each.
func (s *shop) page(ctx context.Context, address string) ([]order, error) {
	rows, err := s.db.Query(ctx, `
		SELECT o.id, o.sku, o.quantity, o.address, o.placed, p.name, p.price
		FROM orders o JOIN products p ON p.sku = o.sku
		WHERE o.address = $1 OR $1 = '' ORDER BY o.placed DESC, o.id`, address)
	if err != nil {
		return nil, fmt.Errorf("query orders: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[order])
}

// sold returns how much of each sku was ordered.
func (s *shop) sold(ctx context.Context) (map[string]int, error) {
	rows, err := s.db.Query(ctx, "SELECT sku, sum(quantity) FROM orders GROUP BY sku")
	if err != nil {
		return nil, fmt.Errorf("query sales: %w", err)
	}
	sold, sku, quantity := map[string]int{}, "", 0
	_, err = pgx.ForEachRow(rows, []any{&sku, &quantity}, func() error {
		sold[sku] = quantity
		return nil
	})
	return sold, err
}
