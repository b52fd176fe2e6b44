package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// order is one order, as HTTP shows it and as the table holds it.
type order struct {
	ID       string `json:"id"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
	Address  string `json:"address"`
	Status   string `json:"status"` // Placed, Confirmed, Rejected, Cancelled

	Key string `json:"-" db:"-"` // the Idempotency-Key of its request, or ""
}

var (
	// errRefused means that the order breaks a rule of its table.
	errRefused = errors.New("an order needs a quantity above zero")
	// errAgain means that there is an order with this Idempotency-Key already.
	errAgain = errors.New("the order was placed before")
)

// place stores a new order and the event that tells of it: both or neither.
func (s *shop) place(ctx context.Context, o *order) error {
	o.ID = rand.Text()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx,
			"INSERT INTO orders (id, sku, quantity, address, key) VALUES ($1, $2, $3, $4, NULLIF($5, ''))",
			o.ID, o.SKU, o.Quantity, o.Address, o.Key)
		if err := refused(err); err != nil {
			return err
		}
		return s.tell(ctx, "OrderPlaced", *o)
	})
}

// find returns the orders whose column has the value.
func (s *shop) find(ctx context.Context, column, value string) ([]order, error) {
	rows, err := s.db.Query(ctx,
		"SELECT id, sku, quantity, address, status FROM orders WHERE "+column+" = $1", value)
	if err != nil {
		return nil, fmt.Errorf("query orders: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[order])
}

// refused tells the table's refusal from other errors.
func refused(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23514" { // check_violation
		return errRefused
	}
	if errors.As(err, &pg) && pg.Code == "23505" { // unique_violation
		return errAgain
	}
	if err != nil {
		return fmt.Errorf("store order: %w", err)
	}
	return nil
}
