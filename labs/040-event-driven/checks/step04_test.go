//go:build lab

package checks

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// Each order that is stored while Kafka is away is published when it is back, even if order dies in between.
func TestStep04_NoOrderWithoutItsEvent(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	release := s.idle(placed)
	kafka, killed := s.kafka(), s.Fault("order")
	kafka.Stop()
	trace := newTrace()
	var stored []order
	for begin := time.Now(); time.Since(begin) < moment; {
		o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
		s.accepts(s.order, http.MethodPost, "/orders", o, trace, "order/orders.go").JSON(&o)
		stored = append(stored, o)
	}
	killed.Kill()
	kafka.Heal()
	killed.Heal()
	s.told(chain, placed, "Kafka was away and order was killed; both are back, and the event of a stored order never comes.", stored...)
	first := placed.of("OrderPlaced", stored[0].ID)[0]
	s.same(first, stored[0])
	s.carries(first, trace, "outbox/outbox.go")
	s.removed(placed, stored[0])
	release()
}

// No event tells of an order that was not stored, with Kafka or Postgres frozen while order dies.
func TestStep04_NoEventWithoutItsOrder(t *testing.T) {
	for _, part := range []string{"kafka", "postgres"} {
		s := open(t)
		placed := s.follow(orders)
		release := s.idle(placed)
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
		s.told(chain, placed, fmt.Sprintf("Order was killed while %s was frozen, and the event of a stored order never comes.", part), s.list(address)...)
		s.stored(placed, address, fmt.Sprintf("Order was killed while %s was frozen, and there is an OrderPlaced of an order that was never stored.", part))
		release()
	}
}

// An event goes out by itself once Kafka is back, and is removed. One that is sent again, because it could not be removed, is the same event.
func TestStep04_SentAgainIsTheSame(t *testing.T) {
	s := open(t)
	s.quiet()
	placed := s.follow(orders)
	kafka := s.kafka()
	release := s.keep("product") // so that nobody answers
	kafka.Stop()
	o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
	s.accepts(s.order, http.MethodPost, "/orders", o, newTrace(), "order/orders.go").JSON(&o)
	stored := s.contents("order")
	held := s.hold("order", postgres.Open(s.C, "order").Tables()...)
	kafka.Heal()
	broken := 0
	sent := func() int { // the first that waits may be of an event that order hears late
		broken += held.cancel()
		return len(placed.of("OrderPlaced", o.ID))
	}
	s.Within(recovery, func() bool { return sent() > 0 || broken > 20 }) // who removes it first cannot send it
	s.Within(chain/2, func() bool { return sent() != 1 })                // it need not come twice
	held.release()
	s.told(chain, placed, "Kafka is back, and the event of an order that was taken meanwhile is not sent.", o)
	s.eventually(chain, func() *check.Finding {
		if s.contents("order") != stored {
			return nil
		}
		return &check.Finding{
			Say: "Kafka has the event, and nothing in order's database has changed by it.", Got: "the same rows in every table", Want: "the event is removed from the outbox",
			At: "outbox/outbox.go", Next: "Keep what waits in a table, and remove it when Kafka has it.",
		}
	}, "order")
	release()
	s.ready(placed)
	s.once(placed)
}

// Order killed under load loses no order's event, publishes no order that is not stored, and sends no earlier event again.
func TestStep04_KilledUnderLoad(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	before := s.ready(placed)
	s.ready(placed) // after which the one before is removed
	times := len(placed.of("OrderPlaced", before.ID))
	killed := s.Fault("order")
	address := fresh("street")
	ctx, cancel := context.WithCancel(s.Context)
	defer cancel()
	accepted, clients := s.load(ctx, address)
	for range 60 { // then kill it amid the rest
		select {
		case <-accepted:
		case <-time.After(10 * time.Second):
			s.NotYet(check.Finding{
				Say: "Four customers order at once, and for 10 s no order is accepted.", Got: "no answer", Want: "201 for one of them",
				Next: "Read the log of order: what does an order wait for?", Output: s.LogSince("order"),
			})
		}
	}
	killed.Kill()
	cancel()
	clients.Wait()
	killed.Heal()
	s.ready(placed)
	s.told(chain, placed, "Order was killed under load, and the event of a stored order never comes.", s.list(address)...)
	s.stored(placed, address, "Order was killed under load, and there is an OrderPlaced of an order that was never stored.")
	if again := len(placed.of("OrderPlaced", before.ID)); again > times {
		s.NotYet(check.Finding{
			Say: "Order was started again, and sent an event again that it had sent long before.", Got: fmt.Sprintf("%d times", again), Want: fmt.Sprintf("%d, as before", times),
			At: "outbox/outbox.go", Next: "Remove from the outbox what Kafka has taken: what is only known in memory is gone after a restart.",
		})
	}
}

// The order and its event are stored together or not at all.
func TestStep04_OrderAndEventTogether(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	s.quiet()
	each, _ := s.tables("order", "orders")
	for _, table := range each {
		address := fresh("street")
		held := s.hold("order", table)
		request := s.send(s.order, http.MethodPost, "/orders", order{SKU: fresh("sku"), Quantity: 1, Address: address})
		held.blocked(request.over)
		held.breakOff()
		request.wait()
		s.ready(placed)
		s.told(chain, placed, fmt.Sprintf("The database failed while order wrote into %s, and the event of a stored order never comes.", table), s.list(address)...)
		s.stored(placed, address, fmt.Sprintf("The database failed while order wrote into %s, and there is an OrderPlaced of an order that was never stored.", table))
	}
}

// An order's change of status and its event are stored together or not at all.
func TestStep04_MoveAndEventTogether(t *testing.T) {
	s := open(t)
	s.quiet()
	each, _ := s.tables("order", "orders")
	for _, table := range each {
		told, sku := s.follow(orders), s.stock(10)
		release := s.keep("product")
		o := s.buy(order{SKU: sku, Quantity: 4})
		held := s.hold("order", table)
		release()
		held.blocked(func() bool { return s.find(o.ID).Status != "Placed" })
		held.breakOff()
		s.becomes(o, "Confirmed", "order/react.go")
		s.wait(told, "OrderConfirmed", o.ID, "order/react.go")
		s.toldOnce(told, "OrderConfirmed", o, fmt.Sprintf("The database failed while order wrote into %s, and different events tell of one change of status.", table), "order/react.go")
	}
}

// What order does with an answer is published, even if order dies right after the commit.
func TestStep04_NoMoveOfAnOrderIsLost(t *testing.T) {
	s := open(t)
	s.quiet()
	answers, told := s.follow(stocks), s.follow(orders)
	sku := s.stock(10)
	release := s.keep("product")
	o := s.buy(order{SKU: sku, Quantity: 4})
	s.cut("order", func() {
		release()
		s.wait(answers, "StockReserved", o.ID, "product/react.go")
	}, func() bool { return s.find(o.ID).Status == "Confirmed" })
	s.stillTold(told, "OrderConfirmed", o, "order", "order/react.go")
	s.ships(o)
	s.recovered()
}
