package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// oneMoment lets both statements of a page see the same state of the view.
var oneMoment = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// page reads a customer's page from the view.
func (h *history) page(ctx context.Context, customer string) (p page, err error) {
	p.Customer = customer
	err = pgx.BeginTxFunc(ctx, h.view, oneMoment, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, "SELECT orders, spent FROM pages WHERE customer = $1", customer).Scan(&p.Orders, &p.Spent)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) { // who has ordered nothing has an empty page
			return fmt.Errorf("query page: %w", err)
		}
		rows, _ := tx.Query(ctx, `
			SELECT id, name, quantity, total, status, placed FROM lines
			WHERE customer = $1 ORDER BY placed DESC, id LIMIT $2`, customer, newest)
		p.List, err = pgx.CollectRows(rows, pgx.RowToStructByPos[line]) // and Query's error
		if err != nil {
			return fmt.Errorf("query lines: %w", err)
		}
		return nil
	})
	return p, err
}
