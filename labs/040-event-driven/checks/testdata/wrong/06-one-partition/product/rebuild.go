package main

import (
	"context"
	"net/http"

	"shop/event"
	"shop/service"
)

// rebuild computes the stock of every sku from the log alone, and answers
// with it: {"stock": {sku: quantity}}. It never looks at the table.
func (s *shop) rebuild(w http.ResponseWriter, r *http.Request) {
	quantities, err := s.fold(r.Context())
	if err != nil {
		service.Fail(w, r, "rebuild stock", err)
		return
	}
	service.Answer(w, http.StatusOK, map[string]any{"stock": quantities})
}

// fold goes through the log from its first event, and counts each event once:
// the relay sends at least once.
func (s *shop) fold(ctx context.Context) (map[string]int, error) {
	quantities := map[string]int{}
	seen := map[string]bool{}
	err := event.Replay(ctx, s.kafka, event.Stock, func(e event.Event) error {
		if seen[e.ID] {
			return nil
		}
		seen[e.ID] = true
		return count(quantities, e)
	})
	return quantities, err
}

// count adds what one event did to the stock.
func count(quantities map[string]int, e event.Event) error {
	var moved stock
	if err := e.Decode(&moved); err != nil {
		return err
	}
	switch e.Type {
	case "StockSet":
		quantities[moved.SKU] = moved.Quantity
	case "StockReserved":
		quantities[moved.SKU] -= moved.Quantity
	case "StockReturned":
		quantities[moved.SKU] += moved.Quantity
	}
	return nil
}
