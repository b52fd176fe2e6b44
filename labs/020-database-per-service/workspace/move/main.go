// Command move copies what each service owns from the shared database into the
// service's own.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
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
	return errors.New("nothing is moved yet")
}
