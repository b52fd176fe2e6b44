package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"shop/client"
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
			ON CONFLICT (sku) DO UPDATE SET name = excluded.name, price = excluded.price, changed = next_change()`, p.SKU, p.Name, p.Price)
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

// findAll returns those of the products that there are.
func (s *shop) findAll(ctx context.Context, skus []string) ([]product, error) {
	rows, err := s.db.Query(ctx, "SELECT sku, name, price, quantity FROM products JOIN stock USING (sku) WHERE sku = ANY ($1)", skus)
	if err != nil {
		return nil, fmt.Errorf("query products: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[product])
}

// changes are products that changed, and the number up to which they are whole.
type changes struct {
	Until    int64     `json:"until"`
	Products []product `json:"products"`
}

// changesAfter returns the products that changed after that number.
func (s *shop) changesAfter(ctx context.Context, after int64) (changes, error) {
	found := changes{Until: after, Products: []product{}}
	rows, err := s.db.Query(ctx, "SELECT sku, name, price, changed FROM products WHERE changed > $1 ORDER BY changed", after)
	if err != nil {
		return found, fmt.Errorf("query changes: %w", err)
	}
	var p product
	_, err = pgx.ForEachRow(rows, []any{&p.SKU, &p.Name, &p.Price, &found.Until}, func() error {
		found.Products = append(found.Products, p)
		return nil
	})
	return found, err
}

// bestseller is a product with how much of it was sold.
type bestseller struct {
	SKU  string `json:"sku"`
	Name string `json:"name"`
	Sold int    `json:"sold"`
}

// bestsellers returns the ten products that were sold most, which order knows.
func (s *shop) bestsellers(ctx context.Context) ([]bestseller, error) {
	sold, err := client.Sales(ctx)
	if err != nil {
		return nil, err
	}
	skus := slices.SortedFunc(maps.Keys(sold), func(a, b string) int {
		return cmp.Or(cmp.Compare(sold[b], sold[a]), cmp.Compare(a, b))
	})
	skus = skus[:min(10, len(skus))]
	names, err := s.names(ctx, skus)
	if err != nil {
		return nil, err
	}
	best := []bestseller{}
	for _, sku := range skus {
		best = append(best, bestseller{SKU: sku, Name: names[sku], Sold: sold[sku]})
	}
	return best, nil
}

// names returns the names of the products.
func (s *shop) names(ctx context.Context, skus []string) (map[string]string, error) {
	rows, err := s.db.Query(ctx, "SELECT sku, name FROM products WHERE sku = ANY ($1)", skus)
	if err != nil {
		return nil, fmt.Errorf("query names: %w", err)
	}
	names := map[string]string{}
	var sku, name string
	_, err = pgx.ForEachRow(rows, []any{&sku, &name}, func() error {
		names[sku] = name
		return nil
	})
	return names, err
}
