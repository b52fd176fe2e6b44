//go:build lab

package checks

import (
	"fmt"
	"strings"
	"testing"

	"cnalab/labs/check"
)

// remember is what to do where an event counts twice.
const remember = "Store the event's id in product's database, in the transaction that changes the stock."

// Stock changes once, however often and however late an event is delivered.
func TestStep03_StockMovesOnce(t *testing.T) {
	s := open(t)
	answers := s.follow(stocks)
	sku, placed, events := s.sell()
	scarce := s.stock(2)
	tooMuch := s.buy(order{SKU: scarce, Quantity: 3})
	s.becomes(tooMuch, "Rejected", "product/react.go")
	events = append(events, s.wait(placed, "OrderPlaced", tooMuch.ID, "order/orders.go"))
	s.set(scarce, 10)
	s.redeliver(placed, events)
	forget := s.age(events)
	s.crowd()
	s.redeliver(placed, append(events, events...))
	s.fence(partitions(events)...)
	s.stays(sku, 90, "Each OrderPlaced was delivered four times, the last as if days and thousands of others later, and the stock is not what the four orders leave.", remember)
	forget()
	s.stays(scarce, 10, "An order was rejected, then there was enough, then its OrderPlaced came again, and the stock changed.",
		"Store the event's id whatever the answer was: if it was there before, do nothing more.")
	if empty := answers.where(func(a event) bool { return a.Type == "" }); len(empty) > 0 {
		s.NotYet(check.Finding{
			Say: "An OrderPlaced came again, and product published a second answer.", Got: fmt.Sprintf("%d answers without a type", len(empty)), Want: "1 answer",
			At: "product/react.go", Next: "If the event was there before, do nothing more.",
		})
	}
	for _, e := range events {
		if n := different(answers.where(func(a event) bool { return a.Data.Order == e.Data.Order })); n > 1 {
			s.NotYet(check.Finding{
				Say: "An OrderPlaced came again, and product published a second answer.", Got: fmt.Sprintf("%d different answers about order %s", n, e.Data.Order),
				Want: "1 answer", At: "product/react.go", Next: "If the event was there before, do nothing more.",
			})
		}
	}
}

// Product still knows what it has handled after a restart.
func TestStep03_RestartForgetsNothing(t *testing.T) {
	s := open(t)
	sku, placed, events := s.sell()
	s.Fault("product").Restart()
	s.redeliver(placed, events)
	s.fence(partitions(events)...)
	s.stays(sku, 90, "Product was restarted, each OrderPlaced came once more, and the stock is not what the four orders leave.", remember)
}

// stops is how often product is stopped amid its work. Where that commits what
// was not handled, as a race between the commit and the end does, every second
// stop loses an order: eight miss it once in 256 runs, and take some seconds.
const stops = 8

// Product that is stopped in the middle of its work loses no event.
func TestStep03_StoppedAmidItsWorkItLosesNothing(t *testing.T) {
	s := open(t)
	s.quiet()
	product := s.Fault("product")
	for range stops {
		sku := s.stock(5)
		held := s.hold("product", "stock")
		o := s.buy(order{SKU: sku, Quantity: 2})
		held.blocked(func() bool { return s.inStock(sku) != 5 })
		product.Stop()
		held.release()
		product.Heal()
		s.eventually(chain, func() *check.Finding {
			if now := s.find(o.ID); now.Status != "Confirmed" {
				return &check.Finding{
					Say: "Product was stopped while it handled an order. It was started again, and does not handle this order any more.", Got: now.Status, Want: "Confirmed",
					At: "event/subscribe.go", Next: "Commit the offset of an event only after your function has returned nil for it, as the code did that you were given.",
				}
			}
			return nil
		}, "order", "product")
	}
}

// The id of an event and the change of stock are stored together or not at all.
func TestStep03_BothOrNeither(t *testing.T) {
	s := open(t)
	s.quiet()
	_, others := s.tables("product", "stock")
	if len(others) == 0 {
		s.NotYet(check.Finding{
			Say: "Product's database has no table that could remember an event.", Got: "the table stock alone", Want: "a second table",
			At: "product/schema.sql", Next: "Create it with CREATE TABLE IF NOT EXISTS.",
		})
	}
	s.broken(others...)
	s.broken("stock")
}

// broken breaks product's work on an order off while nobody can write into the
// tables, all of which it needs: nothing may be seen of the work before.
func (s *shop) broken(tables ...string) {
	s.Helper()
	sku := s.stock(100)
	placed, answers := s.follow(orders), s.follow(stocks)
	held := s.hold("product", tables...)
	o := s.buy(order{SKU: sku, Quantity: 10})
	held.blocked(func() bool { return s.inStock(sku) != 100 })
	names := strings.Join(tables, ", ")
	s.stays(sku, 100, fmt.Sprintf("Nobody could write into %s, and the stock changed all the same: they are not in one transaction.", names), remember)
	if len(answers.of("StockReserved", o.ID)) > 0 {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("Nobody could write into %s, and product has answered already.", names), Got: "StockReserved", Want: "no answer before the commit",
			At: "product/react.go", Next: "Publish the answer after the commit.",
		})
	}
	held.breakOff()
	s.fence(partitions(placed.of("OrderPlaced", o.ID))...)
	s.stays(sku, 90, fmt.Sprintf("Product's work was broken off while it wrote into %s, and the stock is not what the orders leave.", names),
		"Store the event's id and change the stock in one transaction, and return its error: then the event comes again.")
	s.becomes(o, "Confirmed", "product/react.go")
}

// The stock is changed before the answer is published.
func TestStep03_AnswersAfterTheCommit(t *testing.T) {
	s := open(t)
	s.quiet()
	sku := s.stock(100)
	kafka := s.kafka()
	held := s.hold("product", "stock")
	s.buy(order{SKU: sku, Quantity: 10})
	if held.blocked(func() bool { return s.inStock(sku) != 100 }) {
		kafka.Stop() // else product may not have heard of the order yet
	}
	held.release()
	s.holds(sku, 90, "Kafka was stopped while product handled an order, and the stock does not move: the answer is published before the commit.",
		"Publish the answer after the commit: what is rolled back must not be published.")
	kafka.Heal()
	s.recovered()
}

// sell sells ten of a hundred, two orders of it alike, and returns the events
// that told of it.
func (s *shop) sell() (sku string, placed topic, events []event) {
	s.Helper()
	placed = s.follow(orders)
	sku = s.stock(100)
	address := fresh("street")
	var sold []order
	for _, quantity := range []int{1, 2, 2, 5} {
		sold = append(sold, s.buy(order{SKU: sku, Quantity: quantity, Address: address}))
	}
	for _, o := range sold {
		s.becomes(o, "Confirmed", "product/react.go")
		events = append(events, s.wait(placed, "OrderPlaced", o.ID, "order/orders.go"))
	}
	s.holds(sku, 90, "Four orders took ten of a hundred, two of them alike, and the stock is not what it should be.",
		"Two orders may be alike: tell events apart by their id.")
	return sku, placed, events
}
