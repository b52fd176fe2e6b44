package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// page reads a customer's page from the view. Who has ordered nothing has an empty page.
func (h *history) page(ctx context.Context, customer string) (page, error) {
	p := page{Customer: customer}
	err := h.view.QueryRow(ctx, "SELECT version, orders, spent FROM pages WHERE customer = $1", customer).Scan(&p.Version, &p.Orders, &p.Spent)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return page{}, fmt.Errorf("query page: %w", err)
	}
	rows, err := h.view.Query(ctx, `
		SELECT id, name, quantity, total, status, placed FROM lines
		WHERE customer = $1 ORDER BY placed DESC, id LIMIT $2`, customer, newest)
	if err != nil {
		return page{}, fmt.Errorf("query lines: %w", err)
	}
	if p.List, err = pgx.CollectRows(rows, pgx.RowToStructByPos[line]); err != nil {
		return page{}, fmt.Errorf("read lines: %w", err)
	}
	return p, nil
}

// find reads one order from the view.
func (h *history) find(ctx context.Context, id string) (line, error) {
	rows, err := h.view.Query(ctx, "SELECT id, name, quantity, total, status, placed FROM lines WHERE id = $1", id)
	if err != nil {
		return line{}, fmt.Errorf("query order: %w", err)
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[line])
}
