package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"shop/event"
)

// reservation is what an order asks of the stock, and the answer to it.
type reservation struct {
	Order    string `json:"order"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// react gives each order one answer. An order that asks again gets the same
// answer again: it may be the first one to arrive.
func (s *shop) react(ctx context.Context, e event.Event) error {
	if e.Type != "OrderPlaced" {
		return nil
	}
	var r reservation
	if err := e.Decode(&r); err != nil {
		return err
	}
	var answer event.Event
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		var kept []byte
		err := tx.QueryRow(ctx, "SELECT answer FROM reservations WHERE order_id = $1", r.Order).Scan(&kept)
		if err == nil {
			return json.Unmarshal(kept, &answer)
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if answer, err = reserve(ctx, tx, r); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO reservations (order_id, answer) VALUES ($1, $2)", r.Order, answer)
		return err
	})
	if err != nil {
		return err
	}
	answer.Key, answer.Trace = r.SKU, e.Trace
	return s.events.Publish(ctx, event.Stock, answer)
}

// reserve takes the quantity where there is enough.
func reserve(ctx context.Context, tx pgx.Tx, r reservation) (event.Event, error) {
	tag, err := tx.Exec(ctx,
		"UPDATE stock SET quantity = quantity - $2 WHERE sku = $1 AND quantity >= $2", r.SKU, r.Quantity)
	if err != nil {
		return event.Event{}, err
	}
	if tag.RowsAffected() == 0 {
		return event.New(ctx, "StockRejected", r.SKU, r)
	}
	return event.New(ctx, "StockReserved", r.SKU, r)
}
