//go:build lab

package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"time"

	"cnalab/labs/check"
)

// load places orders from four sides until ctx ends or order does not answer.
func (s *shop) load(ctx context.Context, address string) (accepted chan bool, clients *sync.WaitGroup) {
	accepted, clients = make(chan bool, 100_000), new(sync.WaitGroup)
	for range 4 {
		clients.Go(func() {
			for ctx.Err() == nil {
				o := order{SKU: fresh("sku"), Quantity: 1, Address: address}
				answer, err := s.order.Try(ctx, http.MethodPost, "/orders", o, nil)
				if err != nil {
					return // killed
				}
				if answer.Status/100 == 2 {
					accepted <- true
				}
			}
		})
	}
	return accepted, clients
}

// accepts ends the check as not yet where a service cannot do without Kafka.
func (s *shop) accepts(service *check.Service, method, path string, body any, at string) *check.Answer {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context, 5*time.Second)
	defer cancel()
	answer, err := service.Try(ctx, method, path, body, nil)
	got := "no answer within 5 s"
	if err == nil {
		if answer.Status/100 == 2 {
			return answer
		}
		got = fmt.Sprintf("%d %.200s", answer.Status, answer.Body)
	}
	s.Alive(services...)
	s.NotYet(check.Finding{
		Say:  "With Kafka stopped, " + method + " " + path + " is not accepted.",
		Got:  got,
		Want: "201 or 200 at once: the event can wait in the database",
		At:   at,
		Next: "Write the event into a table in the same transaction, and publish it from there.",
	})
	return nil
}

// settle orders until order takes one again: after a fault its connections
// may be broken, which is no finding. What it opens, the next order uses.
func (s *shop) settle() order {
	s.Helper()
	o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
	s.eventually(chain, func() *check.Finding {
		answer := s.order.Post("/orders", o)
		if answer.Status/100 == 2 {
			answer.JSON(&o)
			return nil
		}
		return &check.Finding{
			Say: "Kafka and Postgres are back, and order takes no orders.", Got: answer.Status, Want: 201,
		}
	}, "order")
	return o
}

// ready returns when order takes orders and tells of them, which after a fault
// may take a while.
func (s *shop) ready(placed topic) {
	s.Helper()
	s.waitWithin(chain, placed, "OrderPlaced", s.settle().ID, "order/orders.go", "order")
}

// told waits for the OrderPlaced of each of the orders. Those that were placed
// later have come, so it does not wait for long.
func (s *shop) told(placed topic, stored ...order) {
	s.Helper()
	s.eventually(soon, func() *check.Finding {
		told := map[string]bool{}
		for _, e := range placed.where(func(e event) bool { return e.Type == "OrderPlaced" }) {
			told[e.Data.Order] = true
		}
		var missing []string
		for _, o := range stored {
			if !told[o.ID] {
				missing = append(missing, o.ID)
			}
		}
		if len(missing) == 0 {
			return nil
		}
		return &check.Finding{
			Say:  "An order is stored, but its OrderPlaced never comes.",
			Got:  fmt.Sprintf("no event for %d of %d orders, among them %s", len(missing), len(stored), missing[0]),
			Want: "an OrderPlaced for each, once Kafka and order are back",
			At:   "order/orders.go",
			Next: "What is in memory dies with the process. Keep the event in order's database until Kafka has it.",
		}
	}, "order")
	s.once(placed)
}

// once ends the check as not yet where an order has two events: what is sent
// again is the same event, with the same id.
func (s *shop) once(placed topic) {
	s.Helper()
	ids := map[string]string{}
	for _, e := range placed.where(func(e event) bool { return e.Type == "OrderPlaced" }) {
		if before, told := ids[e.Data.Order]; told && before != e.ID {
			s.NotYet(check.Finding{
				Say: "One order is told of by two events with different ids: whoever hears both counts it twice.",
				Got: before + " and " + e.ID + " about order " + e.Data.Order, Want: "the same id each time it is sent",
				At: "order/orders.go", Next: "Make the event once, where the order is stored, and keep its id in the outbox.",
			})
		}
		ids[e.Data.Order] = e.ID
	}
}

// stored ends the check as not yet where an event tells of an order to the
// address that order does not know.
func (s *shop) stored(placed topic, address, when string) {
	s.Helper()
	known := map[string]bool{}
	for _, o := range s.list(address) {
		known[o.ID] = true
	}
	for _, e := range placed.where(func(e event) bool { return e.Data.Address == address }) {
		if !known[e.Data.Order] {
			s.NotYet(check.Finding{
				Say:  "An OrderPlaced tells of an order that was never stored: " + when + ".",
				Got:  e.message.Value,
				Want: "no event without its order",
				At:   "order/orders.go",
				Next: "Publish only what is committed: from the outbox, after the transaction.",
			})
		}
	}
}

// list returns the orders to an address.
func (s *shop) list(address string) []order {
	s.Helper()
	var found []order
	s.order.Get("/orders?address=" + address).Want(http.StatusOK).JSON(&found)
	return found
}

// toldStock waits for a StockSet of each sku.
func (s *shop) toldStock(told topic, set map[string]int) {
	s.Helper()
	s.eventually(chain, func() *check.Finding {
		missing := maps.Clone(set)
		for _, e := range told.where(func(e event) bool { return e.Type == "StockSet" }) {
			if e.Data.Quantity == set[e.Data.SKU] {
				delete(missing, e.Data.SKU)
			}
		}
		if len(missing) == 0 {
			return nil
		}
		return &check.Finding{
			Say:  "Stock was set while Kafka was away, product was killed, and no StockSet came.",
			Got:  fmt.Sprintf("no event for %d of %d skus\n%s", len(missing), len(set), told.shows()),
			Want: `a "StockSet" with sku and quantity for each`,
			At:   "product/stock.go",
			Next: "Product writes two things as well: give it the same outbox.",
		}
	}, "product")
}
