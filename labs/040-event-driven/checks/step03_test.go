//go:build lab

package checks

import (
	"fmt"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// Stock moves once, however often an event is delivered.
func TestStep03_StockMovesOnce(t *testing.T) {
	s := open(t)
	sku, placed, events := s.sell()
	s.redeliver(placed, append(events, events...))
	s.fence(partitions(events)...)
	s.moved(sku, "Each OrderPlaced was delivered three times.")
}

// Product still knows what it has handled after a restart.
func TestStep03_RestartForgetsNothing(t *testing.T) {
	s := open(t)
	sku, placed, events := s.sell()
	s.Fault("product").Restart()
	s.redeliver(placed, events)
	s.fence(partitions(events)...)
	s.moved(sku, "Product was restarted, and each OrderPlaced was delivered once more.")
}

// The memory of an event and the move of stock are kept together or not at all.
func TestStep03_BothOrNeither(t *testing.T) {
	s := open(t)
	s.quiet()
	for _, table := range postgres.Open(s.C, "product").Tables() {
		sku := s.stock(100)
		placed := s.follow(orders)
		held := s.hold("product", table)
		o := s.buy(order{SKU: sku, Quantity: 10})
		held.breakOff(func() bool { return s.inStock(sku) != 100 })
		s.fence(partitions(placed.of("OrderPlaced", o.ID))...)
		if got := s.inStock(sku); got != 90 {
			s.NotYet(check.Finding{
				Say:  "The database broke product's work off, and the stock does not follow from the orders any more.",
				Got:  fmt.Sprint(got, " in stock"),
				Want: "90 in stock: ten of a hundred were ordered",
				At:   "product/react.go",
				Next: "Remember the event's id and move the stock in one transaction, and return its error: then the event comes again.",
				Output: "While product handled the OrderPlaced, the check let nobody write into the table " + table +
					",\nand cancelled the statement that waited for it.\n" + s.LogSince("product"),
			})
		}
		s.becomes(o, "Confirmed", "product/react.go")
	}
}

// sell sells ten of a hundred, and returns the events that told of it.
func (s *shop) sell() (sku string, placed topic, events []event) {
	s.Helper()
	placed = s.follow(orders)
	sku = s.stock(100)
	var sold []order
	for quantity := 1; quantity <= 4; quantity++ {
		sold = append(sold, s.buy(order{SKU: sku, Quantity: quantity}))
	}
	for _, o := range sold {
		s.becomes(o, "Confirmed", "product/react.go")
		events = append(events, s.wait(placed, "OrderPlaced", o.ID, ""))
	}
	return sku, placed, events
}

// moved ends the check as not yet where not exactly ten were taken.
func (s *shop) moved(sku, because string) {
	s.Helper()
	if got := s.inStock(sku); got != 90 {
		s.NotYet(check.Finding{
			Say:    because + " The stock is not what follows from four orders.",
			Got:    fmt.Sprint(got, " in stock"),
			Want:   "90 in stock: ten of a hundred were ordered",
			At:     "product/react.go",
			Next:   "Remember the event's id in product's database, in the transaction that moves the stock.",
			Output: s.LogSince("product"),
		})
	}
}
