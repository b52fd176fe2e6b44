package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// find returns one order.
func (h *history) find(ctx context.Context, id string) (line, error) {
	rows, err := h.db.Query(ctx, `
		SELECT id, name, quantity, quantity * price, status, placed
		FROM orders JOIN products USING (sku) WHERE id = $1`, id)
	if err != nil {
		return line{}, fmt.Errorf("query order: %w", err)
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[line])
}

// joined makes a customer's page of the tables in which the orders are stored.
func (h *history) joined(ctx context.Context, customer string) (page, error) {
	p := page{Customer: customer}
	err := h.db.QueryRow(ctx, `
		SELECT count(*), COALESCE(sum(quantity * price) FILTER (WHERE status <> 'Cancelled'), 0)
		FROM orders JOIN products USING (sku) WHERE customer = $1`, customer).Scan(&p.Orders, &p.Spent)
	if err != nil {
		return page{}, fmt.Errorf("sum orders: %w", err)
	}
	rows, err := h.db.Query(ctx, `
		SELECT id, name, quantity, quantity * price, status, placed
		FROM orders JOIN products USING (sku) WHERE customer = $1
		ORDER BY placed DESC, id LIMIT $2`, customer, newest)
	if err != nil {
		return page{}, fmt.Errorf("query orders: %w", err)
	}
	p.List, err = pgx.CollectRows(rows, pgx.RowToStructByPos[line])
	if err != nil {
		return page{}, fmt.Errorf("read orders: %w", err)
	}
	return p, nil
}
