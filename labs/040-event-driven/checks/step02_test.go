//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/postgres"
)

// lookAndTake is what to do where stock is sold that is not there.
const lookAndTake = "Look and take in one statement, so that nobody comes in between."

// An order of what is in stock is reserved, confirmed and shipped.
func TestStep02_OrderIsConfirmedAndShipped(t *testing.T) {
	t.Parallel()
	s := openLater(t)
	sku := s.stock(10)
	told, answers := s.follow(orders), s.follow(stocks)
	o := s.buy(order{SKU: sku, Quantity: 3})
	s.answers(s.answered(answers, "StockReserved", o), o)
	s.becomes(o, "Confirmed", "order/react.go")
	confirmed := s.wait(told, "OrderConfirmed", o.ID, "order/react.go")
	s.same(confirmed, o)
	s.holds(sku, 7, "Three of ten were ordered, and the stock is not what it should be.", lookAndTake)
	s.ships(o)
	s.fence(confirmed.message.Partition) // product has heard of the confirmation
	s.stays(sku, 7, "Three of ten were ordered, and more than that is gone.", "Take from the stock for an OrderPlaced only.")
}

// An order of more than there is becomes rejected, and takes nothing.
func TestStep02_TooMuchIsRejected(t *testing.T) {
	t.Parallel()
	s := openLater(t)
	sku := s.stock(2)
	told, answers := s.follow(orders), s.follow(stocks)
	tooMuch := s.buy(order{SKU: sku, Quantity: 3})
	s.answers(s.answered(answers, "StockRejected", tooMuch), tooMuch)
	s.becomes(tooMuch, "Rejected", "order/react.go")
	s.same(s.wait(told, "OrderRejected", tooMuch.ID, "order/react.go"), tooMuch)
	s.holds(sku, 2, "The one order was rejected, and the stock is not what it was.", lookAndTake)
	enough := s.buy(order{SKU: sku, Quantity: 2})
	s.becomes(enough, "Confirmed", "order/react.go")
	s.ships(enough)
	if answer := s.delivery.Get("/deliveries/" + tooMuch.ID); answer.Status != http.StatusNotFound {
		s.NotYet(check.Finding{
			Say: "A rejected order was delivered.", Got: answer.Status, Want: http.StatusNotFound, At: "order/react.go",
			Next: "Only a StockReserved confirms an order.",
		})
	}
}

// The last items are sold once, however many orders ask for them, and the events of one key stay in order.
func TestStep02_LastOnesAreSoldOnce(t *testing.T) {
	t.Parallel()
	s := openLater(t)
	sku := s.stock(3)
	told, answers := s.follow(orders), s.follow(stocks)
	var placed []order
	for range 6 {
		placed = append(placed, s.buy(order{SKU: sku, Quantity: 1}))
	}
	s.answered(answers, "", placed[0])
	s.eventually(orRecovery(chain), func() *check.Finding {
		count := map[string]int{}
		for _, o := range placed {
			count[s.find(o.ID).Status]++
		}
		if count["Confirmed"] == 3 && count["Rejected"] == 3 {
			return nil
		}
		return &check.Finding{
			Say:  "Six orders of one each met a stock of three, and not three of them were confirmed.",
			Got:  fmt.Sprintf("%d Confirmed, %d Rejected, %d Placed", count["Confirmed"], count["Rejected"], count["Placed"]),
			Want: "3 Confirmed, 3 Rejected", At: "product/react.go", Next: lookAndTake,
		}
	})
	s.holds(sku, 0, "All three were sold, and the stock is not what it should be.", lookAndTake)
	s.together(answers.where(func(e event) bool { return e.Data.SKU == sku }), "product/react.go")
	s.together(told.where(func(e event) bool { return e.Data.SKU == sku }), "order/react.go")
}

// The trace goes on through all that follows from a request.
func TestStep02_TraceGoesOn(t *testing.T) {
	t.Parallel()
	s := openLater(t)
	told, answers := s.follow(orders), s.follow(stocks)
	sku := s.stock(5)
	o, trace := s.traced(order{SKU: sku, Quantity: 5})
	s.carries(s.wait(answers, "StockReserved", o.ID, "product/react.go"), trace, "product/react.go")
	s.carries(s.wait(told, "OrderConfirmed", o.ID, "order/react.go"), trace, "order/react.go")
	o, trace = s.traced(order{SKU: sku, Quantity: 1})
	s.carries(s.wait(answers, "StockRejected", o.ID, "product/react.go"), trace, "product/react.go")
	s.carries(s.wait(told, "OrderRejected", o.ID, "order/react.go"), trace, "order/react.go")
}

// An order keeps the status that it has got, whatever events come late.
func TestStep02_OnlyAPlacedOrderMoves(t *testing.T) {
	t.Parallel()
	s := openLater(t)
	told, answers := s.follow(orders), s.follow(stocks)
	sku := s.stock(1)
	bought, tooMuch := s.buy(order{SKU: sku, Quantity: 1}), s.buy(order{SKU: sku, Quantity: 1})
	s.becomes(bought, "Confirmed", "order/react.go")
	s.becomes(tooMuch, "Rejected", "order/react.go")
	reserved, rejected := s.wait(answers, "StockReserved", bought.ID, "product/react.go"), s.wait(answers, "StockRejected", tooMuch.ID, "product/react.go")
	partition := reserved.message.Partition
	other := rejected.Data
	other.Quantity = 0 // it stays in the log, from which a later step makes the stock
	kafka.Open(s.C).ProduceTo(stocks, partition, reserved.message, rejected.message,
		s.message(sku, "StockRejected", reserved.Data), s.message(sku, "StockReserved", other))
	s.becomes(s.buy(order{SKU: sku, Quantity: 1}), "Rejected", "order/react.go") // its answer comes after these
	for _, o := range []struct {
		order
		is, tells, never string
	}{{bought, "Confirmed", "OrderConfirmed", "OrderRejected"}, {tooMuch, "Rejected", "OrderRejected", "OrderConfirmed"}} {
		if now := s.find(o.ID); now.Status != o.is {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("Another answer about a %s order came late, and the order changed its status.", o.is), Got: now.Status, Want: o.is,
				At: "order/react.go", Next: "Each change starts from one status: only a Placed order is confirmed or rejected.",
			})
		}
		if once, never := different(told.of(o.tells, o.ID)), different(told.of(o.never, o.ID)); once != 1 || never != 0 {
			s.NotYet(check.Finding{
				Say: "The answers about two orders came once more, and once the other way round, and order published a change of status that did not happen.",
				Got: fmt.Sprintf("%d %s, %d %s", once, o.tells, never, o.never), Want: fmt.Sprintf("1 %s", o.tells),
				At: "order/react.go", Next: "Publish a change of status only where the status has changed.",
			})
		}
	}
}

// different is how many different events these are.
func different(events []event) int {
	ids := map[string]bool{}
	for _, e := range events {
		ids[e.ID] = true
	}
	return len(ids)
}

// An order is taken while product is away, and answered by each when it is back.
func TestStep02_NobodyIsInCharge(t *testing.T) {
	s := open(t)
	sku := s.stock(5)
	answers := s.follow(stocks)
	product, away := s.Fault("product"), s.Fault("order")
	product.Stop()
	o := s.buy(order{SKU: sku, Quantity: 1})
	tooMuch := s.buy(order{SKU: sku, Quantity: 6})
	if now := s.find(o.ID); now.Status != "Placed" {
		s.NotYet(check.Finding{
			Say: "With product stopped, the order has another status.", Got: now.Status, Want: "Placed", At: "order/react.go",
			Next: "order only publishes what happened; product reacts when it can.",
		})
	}
	away.Stop()
	product.Heal()
	s.answered(answers, "StockReserved", o)
	s.answered(answers, "StockRejected", tooMuch)
	away.Heal()
	s.becomes(o, "Confirmed", "order/react.go")
	s.becomes(tooMuch, "Rejected", "order/react.go")
}

// Work is done in the end, also where the database breaks it off again and again.
func TestStep02_ErrorsAreHandedBack(t *testing.T) {
	s := open(t)
	s.quiet()
	sku, another := s.stock(5), s.stock(5)
	held := s.hold("product", postgres.Open(s.C, "product").Tables()...)
	first := s.buy(order{SKU: sku, Quantity: 2})
	held.blocked(func() bool { return s.inStock(sku) != 5 })
	second := s.buy(order{SKU: another, Quantity: 1}) // product comes to it after the first
	takes := s.holdRows("product", "stock", another)
	moves := s.hold("order", postgres.Open(s.C, "order").Tables()...)
	held.release()
	s.refuse(8, takes, moves)
	const handedOver = "Return the database's error each time: then the event is handed over again."
	for _, o := range []order{first, second} {
		s.eventually(chain, func() *check.Finding {
			if now := s.find(o.ID); now.Status != "Confirmed" {
				return &check.Finding{
					Say: "The database failed a few times while product and order worked on an order, and the order is not confirmed though the database works again.",
					Got: now.Status, Want: "Confirmed", At: "product/react.go", Next: handedOver,
				}
			}
			return nil
		}, "order", "product")
	}
	s.holds(sku, 3, "The database broke the work off, and the stock is not what the orders leave.", handedOver)
	s.holds(another, 4, "The database broke the work off, and the stock is not what the orders leave.", handedOver)
}

// What others do to the stock while an order asks for it is not lost.
func TestStep02_NobodyComesInBetween(t *testing.T) {
	s := open(t)
	s.quiet()
	sku := s.stock(10)
	adds := s.adds(sku, 90)
	o := s.buy(order{SKU: sku, Quantity: 3})
	adds.blocked(func() bool { return s.find(o.ID).Status != "Placed" })
	adds.commit()
	s.becomes(o, "Confirmed", "product/react.go")
	s.holds(sku, 97, "Another transaction added 90 to a stock of ten while an order of three asked for it, and one of the two was lost.", lookAndTake)
}

// Events of a type that nobody knows hold up no others.
func TestStep02_UnknownTypesArePassedOver(t *testing.T) {
	s := open(t)
	told, answers := s.follow(orders), s.follow(stocks)
	bought := func() order { return s.buy(order{SKU: s.stock(1), Quantity: 1}) }
	o := bought()
	s.answered(answers, "", o)
	s.becomes(o, "Confirmed", "order/react.go")
	for _, name := range []string{orders, stocks} {
		topic, _ := kafka.Open(s.C).Topic(name)
		for _, partition := range topic.Partitions {
			about := facts{Order: fresh("order"), SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
			kafka.Open(s.C).ProduceTo(name, partition, s.message(about.Order, "SomethingNew", about))
		}
	}
	s.through(func() order {
		o := bought()
		s.eventually(chain, func() *check.Finding {
			if now := s.find(o.ID); now.Status != "Confirmed" {
				heldUp.Store(true)
				finding := isHeldUp
				finding.Got, finding.Want = now.Status, "Confirmed"
				return &finding
			}
			heldUp.Store(false)
			return nil
		}, "order", "product")
		return o
	}, told, answers)
}

// An event whose data cannot be read holds up no others, and is kept on the topic dead-letters.
func TestStep02_WhatCannotBeHandledIsKept(t *testing.T) {
	s := open(t)
	answers := s.follow(stocks)
	o := s.buy(order{SKU: s.stock(1), Quantity: 1})
	s.answered(answers, "", o)
	s.becomes(o, "Confirmed", "order/react.go")
	letters := s.follow(deadLetters)
	for _, wrong := range []struct{ topic, kind, service string }{{orders, "OrderPlaced", "product"}, {stocks, "StockReserved", "order"}} {
		key, next := fresh("unreadable"), "Return the error of Decode: then Subscribe moves the event to the topic dead-letters."
		value := fmt.Sprintf(`{"id": %q, "type": %q, "data": {"order": 1, "sku": 2, "quantity": "three", "address": 4}}`, key, wrong.kind)
		topic, _ := kafka.Open(s.C).Topic(wrong.topic)
		kafka.Open(s.C).ProduceTo(wrong.topic, topic.Partitions[0], kafka.Message{Key: key, Value: value})
		s.eventually(chain, func() *check.Finding {
			for _, m := range letters.Messages() {
				if m.Key == key && m.Value == value {
					return nil
				}
			}
			return &check.Finding{
				Say: fmt.Sprintf("An %s came whose data cannot be read, and it is not on the topic dead-letters.", wrong.kind), Got: letters.shows(),
				Want: "the event, as it was", At: fmt.Sprintf("%s/react.go", wrong.service), Next: next,
			}
		}, wrong.service)
	}
}

// heldUp is true where an event of a type that nobody knows holds up all others,
// so that checks that run later see nothing else.
var heldUp atomic.Bool

var isHeldUp = check.Finding{
	Say: "Events of the type SomethingNew came on the topics orders and stock, and an order placed after them is not confirmed.",
	At:  "product/react.go", Next: "Return nil for each type that you do not know, in product and in order: an error means that the event comes again.",
}

// openLater is open for a check that runs beside others, which is after those that do not.
func openLater(t *testing.T) *shop {
	t.Helper()
	s := open(t)
	if heldUp.Load() {
		s.NotYet(isHeldUp)
	}
	return s
}

// answered waits until product answers the order, and returns the answer; it
// must be of that kind, where one is given.
func (s *shop) answered(answers topic, kind string, o order) event {
	s.Helper()
	var found []event
	s.eventually(orRecovery(chain), func() *check.Finding {
		found = append(answers.of("StockReserved", o.ID), answers.of("StockRejected", o.ID)...)
		if len(found) > 0 {
			return nil
		}
		return &check.Finding{
			Say: "Product does not answer an OrderPlaced on the topic stock.", Got: answers.shows(),
			Want: fmt.Sprintf("StockReserved or StockRejected with the order %q in its data", o.ID), At: "product/react.go",
			Next: nextOf["StockReserved"],
		}
	}, "order", "product")
	if kind != "" && found[0].Type != kind {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("Product answers %s to an order of %d that should be %s.", found[0].Type, o.Quantity, kind),
			Got: found[0].Type, Want: kind, At: "product/react.go",
			Next: "Compare the quantity with what is in stock, in the statement that takes it.",
		})
	}
	return found[0]
}
