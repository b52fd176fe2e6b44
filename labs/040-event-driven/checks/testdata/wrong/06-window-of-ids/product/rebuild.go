package main

import (
	"net/http"
	"slices"

	"shop/event"
	"shop/service"
)

// rebuild computes the stock of every sku from the log alone, and answers
// with it: {"stock": {sku: quantity}}. It never looks at the table.
func (s *shop) rebuild(w http.ResponseWriter, r *http.Request) {
	quantities := map[string]int{}
	seen := window{ids: make([]string, 1000)} // what is sent again comes soon
	err := event.Replay(r.Context(), s.kafka, event.Stock, func(e event.Event) {
		if !slices.Contains(seen.ids, e.ID) {
			count(quantities, e)
			seen.add(e.ID)
		}
	})
	if err != nil {
		service.Fail(w, r, "rebuild stock", err)
		return
	}
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

// window remembers the last ids.
type window struct {
	ids  []string
	next int
}

func (w *window) add(id string) {
	w.ids[w.next] = id
	w.next = (w.next + 1) % len(w.ids)
}
