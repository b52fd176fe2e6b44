// Command move copies what each service owns from the shared database into the
// service's own.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"shop/shared"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := move(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "move:", err)
		os.Exit(1)
	}
}

// tables are what moves, with the service that owns each.
var tables = []struct{ owner, name, columns string }{
	{"DATABASE_PRODUCT", "products", "sku, name, price"},
	{"DATABASE_PRODUCT", "stock", "sku, quantity"},
	{"DATABASE_PRODUCT", "taken", "order_id, sku, quantity"},
	{"DATABASE_ORDER", "orders", "id, sku, quantity, address, placed"},
}

func move(ctx context.Context) error {
	shop, err := pgx.Connect(ctx, os.Getenv("DATABASE_SHOP"))
	if err != nil {
		return fmt.Errorf("connect to the shared database: %w", err)
	}
	defer shop.Close(context.WithoutCancel(ctx))
	// A new sandbox has an empty Postgres, where no service has created these tables.
	if _, err := shop.Exec(ctx, shared.Schema); err != nil {
		return fmt.Errorf("create the shared tables: %w", err)
	}
	for _, owner := range []string{"DATABASE_PRODUCT", "DATABASE_ORDER"} {
		own, err := pgx.Connect(ctx, os.Getenv(owner))
		if err != nil {
			return fmt.Errorf("connect to %s: %w", owner, err)
		}
		defer own.Close(context.WithoutCancel(ctx))
		for _, t := range tables {
			if t.owner != owner {
				continue
			}
			if err := copyRows(ctx, shop, own, t.name, t.columns); err != nil {
				return fmt.Errorf("move %s: %w", t.name, err)
			}
		}
	}
	return nil
}

// copyRows copies the rows of a table that the service does not have yet. Those that
// it has may have changed since they were moved, and stay as they are.
func copyRows(ctx context.Context, shop, own *pgx.Conn, table, columns string) error {
	rows, err := shop.Query(ctx, "SELECT "+columns+" FROM "+table)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	defer rows.Close()
	return pgx.BeginFunc(ctx, own, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "CREATE TEMP TABLE moving ON COMMIT DROP AS SELECT "+columns+" FROM "+table+" LIMIT 0"); err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
		read := 0
		for rows.Next() {
			values, err := rows.Values()
			if err != nil {
				return fmt.Errorf("read: %w", err)
			}
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{"moving"}, strings.Split(columns, ", "), pgx.CopyFromRows([][]any{values})); err != nil {
				return fmt.Errorf("copy: %w", err)
			}
			read++
		}
		tag, err := tx.Exec(ctx, "INSERT INTO "+table+" ("+columns+") SELECT * FROM moving ON CONFLICT DO NOTHING")
		if err != nil {
			return fmt.Errorf("write: %w", err)
		}
		fmt.Printf("%s: %d rows, %d of them new\n", table, read, tag.RowsAffected())
		return nil
	})
}
