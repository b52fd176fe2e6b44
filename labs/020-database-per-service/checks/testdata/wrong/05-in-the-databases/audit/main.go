// Command audit compares both databases by itself.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

type entry struct {
	sku      string
	quantity int
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	orders, err := read(ctx, "DATABASE_ORDER", "SELECT id, sku, quantity FROM orders")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	taken, err := read(ctx, "DATABASE_PRODUCT", "SELECT order_id, sku, quantity FROM taken")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	status := 0
	say := func(what, id string) { fmt.Println(what, id); status = 1 }
	for id, o := range orders {
		if t, ok := taken[id]; !ok {
			say("no-stock", id)
		} else if t != o {
			say("differs", id)
		}
	}
	for id := range taken {
		if _, ok := orders[id]; !ok {
			say("no-order", id)
		}
	}
	os.Exit(status)
}

func read(ctx context.Context, variable, query string) (map[string]entry, error) {
	conn, err := pgx.Connect(ctx, os.Getenv(variable))
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	all, id, e := map[string]entry{}, "", entry{}
	_, err = pgx.ForEachRow(rows, []any{&id, &e.sku, &e.quantity}, func() error { all[id] = e; return nil })
	return all, err
}
