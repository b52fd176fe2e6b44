//go:build lab

package checks

import (
	"fmt"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// An order that cannot be delivered is cancelled, and its stock is given back.
func TestStep05_StockIsGivenBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	sku := s.stock(10)
	placed, told := s.follow(orders), s.follow(stocks)
	kept := s.buy(order{SKU: sku, Quantity: 3})
	lost := s.buy(order{SKU: sku, Quantity: 2, Address: "nowhere"})
	s.becomes(lost, "Cancelled", "order/react.go")
	s.same(s.wait(placed, "OrderCancelled", lost.ID, "order/react.go"), lost)
	s.holds(sku, 7, "Of ten, three were delivered, and two could not be.")
	s.answers(s.wait(told, "StockReturned", lost.ID, "product/react.go"), lost)
	s.becomes(kept, "Confirmed", "order/react.go")
}

// A rejected order has taken nothing, so it gives nothing back.
func TestStep05_RejectedGivesNothingBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	sku := s.stock(2)
	tooMuch := s.buy(order{SKU: sku, Quantity: 3, Address: "nowhere"})
	s.becomes(tooMuch, "Rejected", "order/react.go")
	s.cancelOne(s.follow(stocks), s.stock(1))
	s.holds(sku, 2, "The order was rejected, and had taken nothing.")
}

// Stock is given back once, however often the events are delivered.
func TestStep05_GivenBackOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	topics := []topic{s.follow(orders), s.follow(stocks), s.follow(deliveries)}
	sku := s.stock(10)
	told := topics[1]
	o := s.cancelOne(told, sku)
	partitions := map[int]bool{}
	for _, t := range topics {
		about := t.where(func(e event) bool { return e.Data.Order == o.ID })
		s.redeliver(t, about)
		for _, e := range about {
			partitions[e.message.Partition] = true
		}
	}
	s.fenceAll(partitions)
	if now := s.find(o.ID); now.Status != "Cancelled" {
		s.NotYet(check.Finding{
			Say: "Old events came again, and the cancelled order moved on.", Got: now.Status, Want: "Cancelled",
			At: "order/react.go", Next: "A move starts from one status: only a Placed order can be confirmed.",
		})
	}
	if got := s.inStock(sku); got != 10 {
		s.NotYet(check.Finding{
			Say: "Each event about a cancelled order was delivered twice, and the stock moved again.", Got: fmt.Sprint(got, " in stock"),
			Want: "10 in stock, as before the order", At: "product/react.go",
			Next: "Giving back is handled once as well: remember its event, too.",
		})
	}
}

// Stock is given back once and told, even if the work is broken off or order dies in between.
func TestStep05_GivenBackWhateverDies(t *testing.T) {
	s := open(t)
	s.quiet()
	told := s.follow(stocks)
	sku := s.stock(10)
	s.cancelOne(told, sku)
	for _, table := range postgres.Open(s.C, "product").Tables() {
		o, release := s.confirmed(sku)
		held := s.hold("product", table)
		release()
		held.breakOff(func() bool { return s.inStock(sku) == 10 })
		s.returned(told, o, "The database broke product's work off while it gave the stock back.")
	}
	o, release := s.confirmed(sku)
	placed := s.follow(orders)
	s.cut("order", release, func() bool { return s.find(o.ID).Status == "Cancelled" })
	s.stillTold(placed, "OrderCancelled", o, "order", "order/react.go")
	s.returned(told, o, "Order was killed right after it had cancelled the order.")
}

// confirmed orders two to nowhere, and keeps delivery from its work until
// release is called.
func (s *shop) confirmed(sku string) (o order, release func()) {
	s.Helper()
	held := s.hold("delivery", postgres.Open(s.C, "delivery").Tables()...)
	told := s.follow(orders)
	o = s.buy(order{SKU: sku, Quantity: 2, Address: "nowhere"})
	s.becomes(o, "Confirmed", "order/react.go")
	s.wait(told, "OrderConfirmed", o.ID, "order/react.go")
	return o, held.release
}

// returned waits until the order is cancelled and its stock is back, once.
func (s *shop) returned(told topic, o order, because string) {
	s.Helper()
	s.becomes(o, "Cancelled", "order/react.go")
	s.wait(told, "StockReturned", o.ID, "product/react.go")
	s.holds(o.SKU, 10, because)
	s.cancelOne(told, o.SKU) // a second return would come before this one
	s.holds(o.SKU, 10, because)
}

// cancelOne orders one to nowhere, and waits until its stock is back.
func (s *shop) cancelOne(told topic, sku string) order {
	s.Helper()
	o := s.buy(order{SKU: sku, Quantity: 1, Address: "nowhere"})
	s.becomes(o, "Cancelled", "order/react.go")
	s.wait(told, "StockReturned", o.ID, "product/react.go")
	return o
}

// fenceAll returns when everything now in the partitions, and all that
// follows from it, is handled: orders that take the whole way, through the
// same partitions, have come back from it.
func (s *shop) fenceAll(partitions map[int]bool) {
	s.Helper()
	told, failed := s.follow(stocks), s.follow(deliveries)
	sku := s.stock(1000)
	for tries := 0; len(partitions) > 0 && tries < 100; tries++ {
		o := s.cancelOne(told, sku)
		delete(partitions, s.wait(failed, "DeliveryFailed", o.ID, "delivery/delivery.go").message.Partition)
	}
}
