package main

import (
	"maps"
	"net/http"

	"shop/event"
	"shop/service"
)

// rebuild computes the stock of every sku from the log alone, and answers
// with it: {"stock": {sku: quantity}}. It never looks at the table.
func (s *shop) rebuild(w http.ResponseWriter, r *http.Request) {
	quantities := map[string]int{}
	seen := map[string]bool{} // the relay sends at least once
	err := event.Replay(r.Context(), s.kafka, event.Stock, func(e event.Event) {
		if !seen[e.ID] {
			count(quantities, e)
		}
		seen[e.ID] = true
	})
	if err != nil {
		service.Fail(w, r, "rebuild stock", err)
		return
	}
	maps.DeleteFunc(quantities, func(_ string, left int) bool { return left == 0 })
	service.Answer(w, http.StatusOK, map[string]any{"stock": quantities})
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
