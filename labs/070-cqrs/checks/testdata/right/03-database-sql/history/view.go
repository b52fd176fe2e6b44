package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// page reads a customer's page from the view. Who has ordered nothing has an empty page.
func (h *history) page(ctx context.Context, customer string) (page, error) {
	p := page{Customer: customer, List: []line{}}
	var list []byte
	err := h.view.QueryRowContext(ctx, `
		SELECT orders, spent, (
			SELECT COALESCE(json_agg(newest), '[]') FROM (
				SELECT id, name, quantity, total, status, placed FROM lines
				WHERE customer = $1 ORDER BY placed DESC, id LIMIT $2) AS newest)
		FROM pages WHERE customer = $1`, customer, newest).Scan(&p.Orders, &p.Spent, &list)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	if err != nil {
		return page{}, fmt.Errorf("query page: %w", err)
	}
	return p, json.Unmarshal(list, &p.List)
}

// find reads one order from the view.
func (h *history) find(ctx context.Context, id string) (line, error) {
	var l line
	err := h.view.QueryRowContext(ctx, "SELECT id, name, quantity, total, status, placed FROM lines WHERE id = $1", id).
		Scan(&l.ID, &l.Name, &l.Quantity, &l.Total, &l.Status, &l.Placed)
	if errors.Is(err, sql.ErrNoRows) {
		return l, pgx.ErrNoRows
	}
	return l, err
}
