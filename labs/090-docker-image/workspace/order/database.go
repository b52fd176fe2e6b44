package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// database keeps orders in Postgres. It connects when there is something to
// do, so Postgres may start later, and may go and come back.
type database struct{ pool *pgxpool.Pool }

func openDatabase(ctx context.Context, url string) (*database, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read DATABASE: %w", err)
	}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		// Where two instances create the table at the same time, one of them fails in spite of IF NOT EXISTS.
		// Both statements are one transaction, and the lock is released at its end, whether it fails or not.
		_, err := conn.Exec(ctx, `SELECT pg_advisory_xact_lock(1);
			CREATE TABLE IF NOT EXISTS orders (id text PRIMARY KEY, sku text NOT NULL, quantity int NOT NULL)`)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return &database{pool}, nil
}

func (d *database) add(ctx context.Context, o order) (string, error) {
	id := rand.Text()
	_, err := d.pool.Exec(ctx, "INSERT INTO orders (id, sku, quantity) VALUES ($1, $2, $3)", id, o.SKU, o.Quantity)
	if err != nil {
		return "", fmt.Errorf("store the order: %w", err)
	}
	return id, nil
}

func (d *database) get(ctx context.Context, id string) (o order, err error) {
	err = d.pool.QueryRow(ctx, "SELECT id, sku, quantity FROM orders WHERE id = $1", id).Scan(&o.ID, &o.SKU, &o.Quantity)
	if errors.Is(err, pgx.ErrNoRows) {
		return o, errUnknown
	}
	return o, err
}

func (d *database) check(ctx context.Context) error { return d.pool.Ping(ctx) }

func (d *database) String() string { return "the database" }
