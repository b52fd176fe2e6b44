//go:build lab

package checks

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"cnalab/labs/check"
)

// trying is how long a service gets to try what it will with Kafka stopped,
// and to lose what it does not keep.
const trying = 150 * time.Millisecond

// Each order that is stored while Kafka is away is published when it is back, even if order dies in between.
func TestStep04_NoOrderWithoutItsEvent(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	kafka, killed := s.Fault("kafka"), s.Fault("order")
	kafka.Stop()
	var stored []order
	for range 3 {
		o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
		s.accepts(s.order, http.MethodPost, "/orders", o, "order/orders.go").JSON(&o)
		stored = append(stored, o)
	}
	time.Sleep(trying)
	killed.Kill()
	kafka.Heal()
	killed.Heal()
	s.told(placed, stored...)
	for _, o := range stored {
		s.same(placed.of("OrderPlaced", o.ID)[0], o)
	}
}

// Stock that is set while Kafka is away is told when it is back, even if product dies in between.
func TestStep04_NoStockWithoutItsEvent(t *testing.T) {
	s := open(t)
	told := s.follow(stocks)
	kafka, killed := s.Fault("kafka"), s.Fault("product")
	kafka.Stop()
	sku := fresh("sku")
	s.accepts(s.product, http.MethodPut, "/stock/"+sku, map[string]int{"quantity": 4}, "product/stock.go")
	time.Sleep(trying)
	killed.Kill()
	kafka.Heal()
	killed.Heal()
	s.eventually(chain, func() *check.Finding {
		set := told.where(func(e event) bool { return e.Type == "StockSet" && e.Data.SKU == sku })
		if len(set) > 0 && set[0].Data.Quantity == 4 {
			return nil
		}
		return &check.Finding{
			Say:  "The stock was set while Kafka was away, product was killed, and no StockSet came.",
			Got:  told.shows(),
			Want: fmt.Sprintf(`"type": "StockSet", "data": {"sku": %q, "quantity": 4}`, sku),
			At:   "product/stock.go",
			Next: "Product writes two things as well: give it the same outbox.",
		}
	})
}

// No event tells of an order that was not stored, with Kafka or Postgres frozen while order dies.
func TestStep04_NoEventWithoutItsOrder(t *testing.T) {
	for _, part := range []string{"kafka", "postgres"} {
		s := open(t)
		placed := s.follow(orders)
		s.settle()
		address := fresh("street")
		frozen, killed := s.Fault(part), s.Fault("order")
		frozen.Pause()
		ctx, cancel := context.WithTimeout(s.Context, 700*time.Millisecond)
		_, _ = s.order.Try(ctx, http.MethodPost, "/orders", order{SKU: fresh("sku"), Quantity: 1, Address: address}, nil)
		cancel()
		killed.Kill()
		frozen.Heal()
		killed.Heal()
		s.told(placed, s.settle())
		s.stored(placed, address, "order was killed while "+part+" was frozen")
	}
}

// Order killed under load loses no order's event, and tells of no order it has not.
func TestStep04_KilledUnderLoad(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	killed := s.Fault("order")
	address := fresh("street")
	var clients sync.WaitGroup
	ctx, cancel := context.WithCancel(s.Context)
	for range 4 {
		clients.Go(func() {
			for ctx.Err() == nil {
				_, err := s.order.Try(ctx, http.MethodPost, "/orders", order{SKU: fresh("sku"), Quantity: 1, Address: address}, nil)
				if err != nil {
					return // killed
				}
			}
		})
	}
	time.Sleep(200 * time.Millisecond)
	killed.Kill()
	cancel()
	clients.Wait()
	killed.Heal()
	s.told(placed, s.list(address)...)
	s.stored(placed, address, "order was killed under load")
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
	s.eventually(soon, func() *check.Finding {
		answer := s.order.Post("/orders", o)
		if answer.Status/100 == 2 {
			answer.JSON(&o)
			return nil
		}
		return &check.Finding{
			Say: "Kafka and Postgres are back, and order takes no orders.", Got: answer.Status, Want: 201,
			Output: s.Log("order", 20),
		}
	})
	return o
}

// told waits for the OrderPlaced of each of the orders.
func (s *shop) told(placed topic, stored ...order) {
	s.Helper()
	s.eventually(chain, func() *check.Finding {
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
			Say:    "An order is stored, but its OrderPlaced never comes.",
			Got:    fmt.Sprintf("no event for %d of %d orders, among them %s", len(missing), len(stored), missing[0]),
			Want:   "an OrderPlaced for each, once Kafka and order are back",
			At:     "order/orders.go",
			Next:   "What is in memory dies with the process. Keep the event in order's database until Kafka has it.",
			Output: s.Log("order", 20),
		}
	})
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
