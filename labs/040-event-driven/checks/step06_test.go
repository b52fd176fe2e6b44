//go:build lab

package checks

import (
	"fmt"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
)

// giveBackOnce is what to do where stock is given back twice.
const giveBackOnce = "Stock is given back once as well: store the id of that event, too."

// An order that cannot be delivered is cancelled, and its stock is given back. One that is shipped stays confirmed.
func TestStep06_StockIsGivenBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	sku := s.stock(10)
	placed, told := s.follow(orders), s.follow(stocks)
	kept := s.buy(order{SKU: sku, Quantity: 3})
	s.ships(kept)
	lost := s.buy(order{SKU: sku, Quantity: 2, Address: "nowhere"})
	s.becomes(lost, "Cancelled", "order/react.go")
	s.same(s.wait(placed, "OrderCancelled", lost.ID, "order/react.go"), lost)
	s.holds(sku, 7, "Of ten, three were delivered and two could not be, and the stock is not what it should be.", "Give the quantity of a cancelled order back.")
	s.answers(s.wait(told, "StockReturned", lost.ID, "product/react.go"), lost)
	s.together(told.where(func(e event) bool { return e.Data.SKU == sku }), "product/react.go")
	s.becomes(kept, "Confirmed", "order/react.go")
	s.everywhere()
	s.still(kept, "Confirmed", "An order was shipped, and it did not stay as it was.")
	s.stays(sku, 7, "Of ten, three were delivered and two were given back, and later the stock changed again.", giveBackOnce)
}

// The trace goes on when an order is cancelled.
func TestStep06_TraceGoesOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	placed, told := s.follow(orders), s.follow(stocks)
	o, trace := s.traced(order{SKU: s.stock(1), Quantity: 1, Address: "nowhere"})
	s.carries(s.wait(placed, "OrderCancelled", o.ID, "order/react.go"), trace, "order/react.go")
	s.carries(s.wait(told, "StockReturned", o.ID, "product/react.go"), trace, "product/react.go")
}

// A rejected order has taken nothing, so it gives nothing back, and nothing cancels it.
func TestStep06_RejectedGivesNothingBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	sku := s.stock(2)
	placed := s.follow(orders)
	tooMuch := s.buy(order{SKU: sku, Quantity: 3, Address: "nowhere"})
	s.becomes(tooMuch, "Rejected", "order/react.go")
	kafka.Open(s.C).Produce(deliveries, s.message(tooMuch.ID, "DeliveryFailed", facts{Order: tooMuch.ID, Address: "nowhere"}))
	s.everywhere()
	s.still(tooMuch, "Rejected", "A DeliveryFailed came about an order that was rejected, and the order changed its status.")
	if len(placed.of("OrderCancelled", tooMuch.ID)) > 0 {
		s.NotYet(check.Finding{
			Say: "A DeliveryFailed came about an order that was rejected, and order published OrderCancelled.", Got: "OrderCancelled", Want: "nothing",
			At: "order/react.go", Next: "Only a Confirmed order is cancelled.",
		})
	}
	s.stays(sku, 2, "The order was rejected and had taken nothing, and the stock is not what it was.", "Give back for an OrderCancelled only.")
}

// An order that is Placed yet is not cancelled: it has taken nothing.
func TestStep06_PlacedIsNotCancelled(t *testing.T) {
	s := open(t)
	sku := s.stock(10)
	confirmed := s.buy(order{SKU: sku, Quantity: 1})
	s.becomes(confirmed, "Confirmed", "order/react.go")
	release := s.keep("product")
	placed := s.buy(order{SKU: sku, Quantity: 2})
	topic, _ := kafka.Open(s.C).Topic(deliveries)
	kafka.Open(s.C).ProduceTo(deliveries, topic.Partitions[0],
		s.message(placed.ID, "DeliveryFailed", facts{Order: placed.ID, Address: placed.Address}),
		s.message(confirmed.ID, "DeliveryFailed", facts{Order: confirmed.ID, Address: confirmed.Address}))
	s.becomes(confirmed, "Cancelled", "order/react.go") // which is heard of after the other
	s.still(placed, "Placed", "A DeliveryFailed came about an order that was Placed yet, and the order changed its status.")
	release()
	s.becomes(placed, "Confirmed", "order/react.go")
	s.holds(sku, 8, "Of ten, two were ordered and one was given back that had been ordered before, and the stock is not what it should be.", giveBackOnce)
}

// Stock is given back once, however often the events are delivered.
func TestStep06_GivenBackOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	topics := []topic{s.follow(orders), s.follow(stocks), s.follow(deliveries)}
	sku := s.stock(10)
	told := topics[1]
	o := s.cancelOne(told, sku)
	for _, t := range topics {
		s.redeliver(t, t.where(func(e event) bool { return e.Data.Order == o.ID }))
	}
	s.everywhere()
	s.still(o, "Cancelled", "Old events came again, and the cancelled order changed its status.")
	s.stays(sku, 10, "Each event about a cancelled order was delivered twice, and the stock changed again.", giveBackOnce)
	for kind, t := range map[string]topic{"OrderCancelled": topics[0], "StockReturned": told} {
		if n := different(t.of(kind, o.ID)); n != 1 {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("Each event about a cancelled order was delivered twice, and %s was published again with another id.", kind), Got: fmt.Sprintf("%d different events", n), Want: "1",
				At: "product/react.go", Next: giveBackOnce,
			})
		}
	}
}

// What others do to the stock while some of it is given back is not lost.
func TestStep06_NobodyComesInBetween(t *testing.T) {
	s := open(t)
	s.quiet()
	sku := s.stock(10)
	o, release := s.confirmed(sku)
	told := s.follow(stocks)
	adds := s.adds(sku, 40)
	release()
	s.becomes(o, "Cancelled", "order/react.go")
	adds.blocked(func() bool { return len(told.of("StockReturned", o.ID)) > 0 })
	adds.commit()
	s.holds(sku, 50, "Another transaction added 40 to a stock of eight while two were given back, and one of the two was lost.", "Give back in one statement, so that nobody comes in between.")
}

// Stock is given back once and published, even if the work is broken off or a service dies in between.
func TestStep06_GivenBackWhateverDies(t *testing.T) {
	s := open(t)
	s.quiet()
	told := s.follow(stocks)
	sku := s.stock(10)
	placed := s.follow(orders)
	s.cancelOne(told, sku)
	each, _ := s.tables("product", "stock")
	for _, table := range each {
		o, release := s.confirmed(sku)
		held := s.hold("product", table)
		release()
		held.blocked(func() bool { return s.inStock(sku) == 10 })
		held.breakOff()
		s.returned(placed, told, o, fmt.Sprintf("The database broke product's work off while it gave stock back and wrote into %s, and the stock is not what it should be.", table))
	}
	each, _ = s.tables("order", "orders")
	for _, table := range each {
		o, release := s.confirmed(sku)
		held := s.hold("order", table)
		release()
		held.blocked(func() bool { return s.find(o.ID).Status == "Cancelled" })
		held.breakOff()
		s.returned(placed, told, o, fmt.Sprintf("The database broke order's work off while it cancelled an order and wrote into %s, and the stock is not what it should be.", table))
	}
	o, release := s.confirmed(sku)
	s.cut("order", release, func() bool { return s.find(o.ID).Status == "Cancelled" })
	s.stillTold(placed, "OrderCancelled", o, "order", "order/react.go")
	s.returned(placed, told, o, "Order was killed right after it had cancelled an order, and the stock is not what it should be.")
	o, release = s.confirmed(sku)
	s.cut("product", release, func() bool { return s.inStock(sku) == 10 })
	s.stillTold(told, "StockReturned", o, "product", "product/react.go")
	s.returned(placed, told, o, "Product was killed right after it had given stock back, and the stock is not what it should be.")
}

// confirmed orders two to nowhere, and keeps delivery from its work until
// release is called.
func (s *shop) confirmed(sku string) (o order, release func()) {
	s.Helper()
	release = s.keep("delivery")
	told := s.follow(orders)
	o = s.buy(order{SKU: sku, Quantity: 2, Address: "nowhere"})
	s.becomes(o, "Confirmed", "order/react.go")
	s.wait(told, "OrderConfirmed", o.ID, "order/react.go")
	return o, release
}

// returned waits until the order is cancelled and its stock is back, once.
func (s *shop) returned(placed, told topic, o order, say string) {
	s.Helper()
	s.becomes(o, "Cancelled", "order/react.go")
	s.wait(told, "StockReturned", o.ID, "product/react.go")
	s.holds(o.SKU, 10, say, giveBackOnce)
	s.cancelOne(told, o.SKU) // a second return would come before this one
	s.holds(o.SKU, 10, say, giveBackOnce)
	const anew = "Work that was broken off was done again, and one thing that happened is told of by different events."
	s.toldOnce(placed, "OrderCancelled", o, anew, "order/react.go")
	s.toldOnce(told, "StockReturned", o, anew, "product/react.go")
}

// cancelOne orders one to nowhere, and waits until its stock is back.
func (s *shop) cancelOne(told topic, sku string) order {
	s.Helper()
	o := s.buy(order{SKU: sku, Quantity: 1, Address: "nowhere"})
	s.becomes(o, "Cancelled", "order/react.go")
	s.wait(told, "StockReturned", o.ID, "product/react.go")
	return o
}

// still ends the check as not yet where the order has another status.
func (s *shop) still(o order, status, say string) {
	s.Helper()
	if now := s.find(o.ID); now.Status != status {
		s.NotYet(check.Finding{
			Say: say, Got: now.Status, Want: status, At: "order/react.go",
			Next: "Each change starts from one status: only a Placed order is confirmed or rejected, only a Confirmed one is cancelled.",
		})
	}
}

// everywhere returns when everything now in the topics, and all that follows
// from it, is handled: orders that take the whole way, through all partitions,
// have come back from it.
func (s *shop) everywhere() {
	s.Helper()
	told := s.follow(stocks)
	s.through(func() order { return s.cancelOne(told, s.stock(1)) }, s.follow(orders), told, s.follow(deliveries))
}
