//go:build lab

package checks

import (
	"context"
	"net/http"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// moment is how long work goes on with Kafka stopped, so that a service gets
// to try what it will, and to lose what it does not keep.
const moment = 150 * time.Millisecond

// Each order that is stored while Kafka is away is published when it is back, even if order dies in between.
func TestStep04_NoOrderWithoutItsEvent(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	s.buy(order{SKU: fresh("sku"), Quantity: 1}) // that it tells at all is step 1
	kafka, killed := s.Fault("kafka"), s.Fault("order")
	kafka.Stop()
	var stored []order
	for begin := time.Now(); time.Since(begin) < moment; {
		o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
		s.accepts(s.order, http.MethodPost, "/orders", o, "order/orders.go").JSON(&o)
		stored = append(stored, o)
	}
	killed.Kill()
	kafka.Heal()
	killed.Heal()
	s.ready(placed)
	s.told(placed, stored...)
	s.same(placed.of("OrderPlaced", stored[0].ID)[0], stored[0])
}

// Stock that is set while Kafka is away is told when it is back, even if product dies in between.
func TestStep04_NoStockWithoutItsEvent(t *testing.T) {
	s := open(t)
	told := s.follow(stocks)
	kafka, killed := s.Fault("kafka"), s.Fault("product")
	kafka.Stop()
	set := map[string]int{} // by sku
	for begin := time.Now(); time.Since(begin) < moment; {
		sku := fresh("sku")
		set[sku] = len(set) + 1
		s.accepts(s.product, http.MethodPut, "/stock/"+sku, map[string]int{"quantity": set[sku]}, "product/stock.go")
	}
	killed.Kill()
	kafka.Heal()
	killed.Heal()
	s.toldStock(told, set)
}

// No event tells of an order that was not stored, with Kafka or Postgres frozen while order dies.
func TestStep04_NoEventWithoutItsOrder(t *testing.T) {
	for _, part := range []string{"kafka", "postgres"} {
		s := open(t)
		placed := s.follow(orders)
		s.ready(placed)
		address := fresh("street")
		frozen, killed := s.Fault(part), s.Fault("order")
		frozen.Pause()
		ctx, cancel := context.WithTimeout(s.Context, 700*time.Millisecond)
		_, _ = s.order.Try(ctx, http.MethodPost, "/orders", order{SKU: fresh("sku"), Quantity: 1, Address: address}, nil)
		cancel()
		killed.Kill()
		frozen.Heal()
		killed.Heal()
		s.ready(placed)
		s.once(placed)
		s.stored(placed, address, "order was killed while "+part+" was frozen")
	}
}

// An event that is sent again, because the outbox could not be changed after the first time, is the same event.
func TestStep04_SentAgainIsTheSame(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	s.ready(placed)
	kafka := s.Fault("kafka")
	kafka.Stop()
	o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
	s.accepts(s.order, http.MethodPost, "/orders", o, "order/orders.go").JSON(&o)
	held := s.hold("order", postgres.Open(s.C, "order").Tables()...)
	kafka.Heal()
	again := func() bool { return len(placed.of("OrderPlaced", o.ID)) > 1 }
	s.Within(chain/2, func() bool { // the first that waits may be of an event that order hears late
		held.cancel()
		return again()
	})
	held.release()
	s.ready(placed)
	s.Within(soon, again) // it need not come twice
	s.told(placed, o)
}

// Order killed under load loses no order's event, and tells of no order it has not.
func TestStep04_KilledUnderLoad(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	s.ready(placed)
	killed := s.Fault("order")
	address := fresh("street")
	ctx, cancel := context.WithCancel(s.Context)
	defer cancel()
	accepted, clients := s.load(ctx, address)
	for range 60 { // then kill it amid the rest
		select {
		case <-accepted:
		case <-time.After(10 * time.Second):
			s.NotYet(check.Finding{Say: "Order takes fewer than 60 orders in 10 s.", Output: s.LogSince("order")})
		}
	}
	killed.Kill()
	cancel()
	clients.Wait()
	killed.Heal()
	s.ready(placed)
	s.told(placed, s.list(address)...)
	s.stored(placed, address, "order was killed under load")
}

// What product answers is told, even if it dies right after it has stored it.
func TestStep04_NoAnswerOfProductIsLost(t *testing.T) {
	s := open(t)
	s.quiet()
	sku := s.stock(10)
	answers := s.follow(stocks)
	var o order
	s.cut("product", func() { o = s.buy(order{SKU: sku, Quantity: 4}) }, func() bool { return s.inStock(sku) == 6 })
	s.stillTold(answers, "StockReserved", o, "product", "product/react.go")
	s.becomes(o, "Confirmed", "order/react.go")
	s.holds(sku, 6, "Four of ten were ordered, and product was killed once.")
}

// What order makes of an answer is told, even if it dies right after it has stored it.
func TestStep04_NoMoveOfAnOrderIsLost(t *testing.T) {
	s := open(t)
	s.quiet()
	answers, told := s.follow(stocks), s.follow(orders)
	sku := s.stock(10)
	waits := s.hold("product", postgres.Open(s.C, "product").Tables()...)
	o := s.buy(order{SKU: sku, Quantity: 4})
	waits.blocked(func() bool { return s.inStock(sku) != 10 })
	s.cut("order", func() {
		waits.release()
		s.wait(answers, "StockReserved", o.ID, "product/react.go")
	}, func() bool { return s.find(o.ID).Status == "Confirmed" })
	s.stillTold(told, "OrderConfirmed", o, "order", "order/react.go")
	s.ships(o)
}
