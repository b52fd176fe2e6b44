package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"shop/client"
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

// place has product take the stock, and stores the order.
func (s *shop) place(ctx context.Context, o *order) error {
	if o.Quantity <= 0 || o.SKU == "" {
		return errRefused
	}
	o.ID = rand.Text()
	err := client.TakeStock(ctx, o.ID, o.SKU, o.Quantity)
	if errors.Is(err, client.ErrTooFew) {
		return errRefused
	}
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, "INSERT INTO orders (id, sku, quantity, address) VALUES ($1, $2, $3, $4)", o.ID, o.SKU, o.Quantity, o.Address)
	if err != nil {
		return fmt.Errorf("store order: %w", err)
	}
	return nil
}

// page returns the orders to an address, newest first, with the product of each.
func (s *shop) page(ctx context.Context, address string) ([]order, error) {
	rows, err := s.db.Query(ctx, `
		SELECT id, sku, quantity, address, placed, '' AS name, 0 AS price
		FROM orders WHERE address = $1 OR $1 = '' ORDER BY placed DESC, id`, address)
	if err != nil {
		return nil, fmt.Errorf("query orders: %w", err)
	}
	page, err := pgx.CollectRows(rows, pgx.RowToStructByPos[order])
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	for i := range page {
		p, err := client.FindProduct(ctx, page[i].SKU)
		if err != nil {
			return nil, err
		}
		page[i].Name, page[i].Price = p.Name, p.Price
	}
	return page, nil
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
