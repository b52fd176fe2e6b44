package main

import (
	"cmp"
	"context"
	"errors"
	"os"
)

type order struct {
	ID       string `json:"id"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

var errUnknown = errors.New("there is no such order")

// store keeps orders.
type store interface {
	add(ctx context.Context, o order) (id string, err error)
	get(ctx context.Context, id string) (order, error)
	check(ctx context.Context) error
	String() string
}

// open takes the database that DATABASE names, and without one a file in the
// folder DATA.
func open(ctx context.Context) (store, error) {
	if url := os.Getenv("DATABASE"); url != "" {
		return openDatabase(ctx, url)
	}
	return openFile(cmp.Or(os.Getenv("DATA"), "/data"))
}
