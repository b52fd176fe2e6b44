package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// page reads a customer's page from the view. It is one statement, so the head and the
// list are of one moment. Who has ordered nothing has an empty page.
func (h *history) page(ctx context.Context, customer string) (page, error) {
	p := page{Customer: customer, List: []line{}}
	err := h.view.QueryRow(ctx, `
		SELECT orders, spent, (
			SELECT COALESCE(json_agg(newest), '[]') FROM (
				SELECT id, name, quantity, total, status, placed FROM lines
				WHERE customer = $1 ORDER BY placed DESC, id LIMIT $2) AS newest)
		FROM pages WHERE customer = $1`, customer, newest).Scan(&p.Orders, &p.Spent, &p.List)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return page{}, fmt.Errorf("query page: %w", err)
	}
	return p, nil
}
