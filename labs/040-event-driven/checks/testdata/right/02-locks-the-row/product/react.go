package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"shop/event"
)

// react looks at the stock under a lock, decides, and then tells.
func (s *shop) react(ctx context.Context, e event.Event) error {
	if e.Type != "OrderPlaced" {
		return nil
	}
	var asked struct {
		Order    string `json:"order"`
		SKU      string `json:"sku"`
		Quantity int    `json:"quantity"`
	}
	if err := json.Unmarshal(e.Data, &asked); err != nil {
		return err
	}
	answer := "StockRejected"
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		var left int
		err := tx.QueryRow(ctx, "SELECT quantity FROM stock WHERE sku = $1 FOR UPDATE", asked.SKU).Scan(&left)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil || left < asked.Quantity {
			return err
		}
		answer = "StockReserved"
		_, err = tx.Exec(ctx, "UPDATE stock SET quantity = $2 WHERE sku = $1", asked.SKU, left-asked.Quantity)
		return err
	})
	if err != nil {
		return err
	}
	told, err := event.New(ctx, answer, asked.SKU, asked)
	if err != nil {
		return err
	}
	return s.events.Publish(ctx, event.Stock, told)
}
