//go:build lab

package checks

import (
	"fmt"
	"testing"

	"cnalab/labs/check"
)

// Stock moves once, however often an event is delivered.
func TestStep03_StockMovesOnce(t *testing.T) {
	s := open(t)
	sku, placed, events := s.sell()
	s.redeliver(placed, append(events, events...))
	s.fence(events)
	s.moved(sku, "Each OrderPlaced was delivered three times.")
}

// Product still knows what it has handled after a restart.
func TestStep03_RestartForgetsNothing(t *testing.T) {
	s := open(t)
	sku, placed, events := s.sell()
	s.Fault("product").Restart()
	s.redeliver(placed, events)
	s.fence(events)
	s.moved(sku, "Product was restarted, and each OrderPlaced was delivered once more.")
}

// sell sells ten of a hundred, and returns the events that told of it.
func (s *shop) sell() (sku string, placed topic, events []event) {
	s.Helper()
	placed = s.follow(orders)
	sku = s.stock(100)
	var sold []order
	for quantity := 1; quantity <= 4; quantity++ {
		sold = append(sold, s.place(order{SKU: sku, Quantity: quantity}))
	}
	for _, o := range sold {
		s.becomes(o, "Confirmed", "")
		events = append(events, s.wait(placed, "OrderPlaced", o.ID, ""))
	}
	return sku, placed, events
}

// moved ends the check as not yet where not exactly ten were taken.
func (s *shop) moved(sku, because string) {
	s.Helper()
	if got := s.inStock(sku); got != 90 {
		s.NotYet(check.Finding{
			Say:    because + " Stock moved more than once.",
			Got:    fmt.Sprint(got, " in stock"),
			Want:   "90 in stock: ten of a hundred were ordered",
			At:     "product/react.go",
			Next:   "Remember the event's id in product's database, in the transaction that moves the stock.",
			Output: s.Log("product", 20),
		})
	}
}
