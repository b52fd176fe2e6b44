package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// order is what a customer wants.
type order struct {
	ID       string `json:"id"`
	Customer string `json:"customer"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

var (
	// errRefused means that the order breaks a rule of its table.
	errRefused = errors.New("an order needs a customer, a product that the shop has, and a quantity above zero")
	// errNoOrder means that there is no order with this id.
	errNoOrder = errors.New("no such order")
	// errTooLate means that the order's status does not allow the change.
	errTooLate = errors.New("the order is no longer Placed")
)

// place stores a new order and gives it its id. The version is that of the change.
func (s *shop) place(ctx context.Context, o *order) (version int64, err error) {
	if o.Customer == "" {
		return 0, errRefused
	}
	o.ID = rand.Text()
	placed := time.Now().UTC().Truncate(time.Microsecond) // as Postgres stores it
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) (err error) {
		if version, err = count(ctx, tx, o.Customer); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO orders (id, customer, sku, quantity, placed) VALUES ($1, $2, $3, $4, $5)",
			o.ID, o.Customer, o.SKU, o.Quantity, placed)
		if err := refused(err); err != nil {
			return err
		}
		bought := &purchase{SKU: o.SKU, Quantity: o.Quantity, Placed: placed}
		err = tx.QueryRow(ctx, "SELECT name, price * $2 FROM products WHERE sku = $1", o.SKU, o.Quantity).Scan(&bought.Name, &bought.Total)
		if err != nil {
			return fmt.Errorf("find product: %w", err)
		}
		return tell(ctx, tx, "OrderPlaced", facts{o.Customer, version, o.ID, bought})
	})
	return version, err
}

// move brings an order from Placed to another status, and tells of it. The version is
// that of the change.
func (s *shop) move(ctx context.Context, id, status, kind string) (version int64, err error) {
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		var customer, before string
		err := tx.QueryRow(ctx, "SELECT customer, status FROM orders WHERE id = $1 FOR UPDATE", id).Scan(&customer, &before)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoOrder
		}
		if err != nil {
			return fmt.Errorf("find order: %w", err)
		}
		if before != "Placed" {
			return errTooLate
		}
		if _, err := tx.Exec(ctx, "UPDATE orders SET status = $2 WHERE id = $1", id, status); err != nil {
			return fmt.Errorf("change order: %w", err)
		}
		if version, err = count(ctx, tx, customer); err != nil {
			return err
		}
		return tell(ctx, tx, kind, facts{Customer: customer, Version: version, Order: id})
	})
	return version, err
}

// count counts one more change of the customer's orders. Who counts has the customer's
// row until the commit, so a lower version is never committed after a higher one.
func count(ctx context.Context, tx pgx.Tx, customer string) (version int64, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO customers VALUES ($1, 1)
		ON CONFLICT (customer) DO UPDATE SET version = customers.version + 1
		RETURNING version`, customer).Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("count version: %w", err)
	}
	return version, nil
}

// refused tells the table's refusal from other errors.
func refused(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "23514" || pg.Code == "23503") { // check, foreign key
		return errRefused
	}
	if err != nil {
		return fmt.Errorf("store order: %w", err)
	}
	return nil
}
