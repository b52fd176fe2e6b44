package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/jackc/pgx/v5"

	"shop/event"
	"shop/outbox"
	"shop/service"
)

// rebuild makes the table stock anew from the log alone, and answers with what
// is in it then: {"stock": {sku: quantity}}.
func (s *shop) rebuild(w http.ResponseWriter, r *http.Request) {
	ctx := context.WithoutCancel(r.Context()) // what has begun goes on to its end
	var quantities map[string]int
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) (err error) {
		// Until the commit others can read the stock, and wait to change it.
		if _, err := tx.Exec(ctx, "LOCK TABLE stock IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return fmt.Errorf("lock stock: %w", err)
		}
		// What was changed before is in the log when the outbox is empty.
		if err := outbox.Drained(ctx, tx); err != nil {
			return fmt.Errorf("wait for the relay: %w", err)
		}
		if quantities, err = s.project(ctx); err != nil {
			return err
		}
		return restore(ctx, tx, quantities)
	})
	if err != nil {
		service.Fail(w, r, "rebuild stock", err)
		return
	}
	service.Answer(w, http.StatusOK, map[string]any{"stock": quantities})
}

// project applies the events of the log, each once, to a stock of nothing. The
// log of a topic may lack its oldest events, and nobody says so.
func (s *shop) project(ctx context.Context) (map[string]int, error) {
	quantities := map[string]int{}
	seen := map[string]bool{} // the relay sends at least once
	err := event.Replay(ctx, s.kafka, event.Stock, func(e event.Event) {
		if !seen[e.ID] {
			count(quantities, e)
		}
		seen[e.ID] = true
	})
	if err != nil {
		return nil, err
	}
	for sku, quantity := range quantities {
		if quantity < 0 { // an event is missing that came before
			return nil, fmt.Errorf("the log says that there are %d of %s", quantity, sku)
		}
	}
	return quantities, nil
}

// count adds what one event did to the stock.
func count(quantities map[string]int, e event.Event) {
	var moved stock
	if e.Decode(&moved) != nil {
		return // it moves nothing
	}
	switch e.Type {
	case "StockSet":
		quantities[moved.SKU] = moved.Quantity
	case "StockReserved":
		quantities[moved.SKU] -= moved.Quantity
	case "StockReturned":
		quantities[moved.SKU] += moved.Quantity
	}
}

// restore replaces all rows of the table.
func restore(ctx context.Context, tx pgx.Tx, quantities map[string]int) error {
	if _, err := tx.Exec(ctx, "DELETE FROM stock"); err != nil {
		return fmt.Errorf("empty stock: %w", err)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO stock (sku, quantity)
		SELECT key, value::integer FROM json_each_text($1)`, quantities)
	if err != nil {
		return fmt.Errorf("fill stock: %w", err)
	}
	return nil
}
