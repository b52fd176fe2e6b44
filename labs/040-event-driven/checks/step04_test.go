//go:build lab

package checks

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/postgres"
)

// Each order that is stored while Kafka is away is published when it is back, even if order dies in between.
func TestStep04_NoOrderWithoutItsEvent(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	s.buy(order{SKU: fresh("sku"), Quantity: 1}) // that it tells at all is step 1
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
	s.told(chain, placed, "Kafka was away and order was killed; both are back, and an order that is stored is never told of.", stored...)
	first := placed.of("OrderPlaced", stored[0].ID)[0]
	s.same(first, stored[0])
	s.carries(first, trace, "outbox/outbox.go")
	s.removed(placed, stored[0])
}

// Stock that is set while Kafka is away is told when it is back, all of it and oldest first, even if product dies in between and a transaction commits late.
func TestStep04_NoStockWithoutItsEvent(t *testing.T) {
	s := open(t)
	told, sku, late := s.follow(stocks), s.stock(0), fresh("sku")
	kafka, killed := s.kafka(), s.Fault("product")
	kafka.Stop()
	trace := newTrace()
	set := func(sku string, quantity int) {
		s.accepts(s.product, http.MethodPut, "/stock/"+sku, map[string]int{"quantity": quantity}, trace, "product/stock.go")
	}
	set(late, 7)
	waiting := s.takeOut("product", "stock", late)
	waiting.begin()
	const many = 120 // more than a relay may take at once
	for quantity := 1; quantity <= many; quantity++ {
		set(sku, quantity)
	}
	s.shuffle("product", "stock", sku)
	waiting.hold()
	killed.Kill()
	kafka.Heal()
	killed.Heal()
	since := time.Now()
	s.Within(2*chain, func() bool { // a relay that has sent others removes them, or one that has not is kept from it
		if !waiting.blocks() {
			since = time.Now()
			return false
		}
		return len(told.Messages()) > 1 || time.Since(since) > soon
	})
	waiting.commit()
	s.toldStock(told, "Kafka was away while stock was set, product was killed, and stock that was set is never told of.", map[string]int{sku: many})
	s.oldestFirst(told, sku, "Stock was set many times while Kafka was away, and the events do not come oldest first, all of them.")
	s.toldStock(told, "Two transactions were open at once; the one that began first committed last, and its event never comes.", map[string]int{late: 7})
	s.carries(told.where(func(e event) bool { return e.Data.SKU == late })[0], trace, "product/stock.go")
}

// oldestFirst looks at the events of a stock that was set to 0, 1 and so on.
func (s *shop) oldestFirst(told topic, sku, say string) {
	s.Helper()
	next, seen := 0, map[string]bool{}
	for _, e := range told.where(func(e event) bool { return e.Type == "StockSet" && e.Data.SKU == sku }) {
		if seen[e.ID] {
			continue // sent again
		}
		seen[e.ID] = true
		if e.Data.Quantity != next {
			s.NotYet(check.Finding{
				Say: say,
				Got: fmt.Sprintf("StockSet of %d after %d events", e.Data.Quantity, next), Want: fmt.Sprintf("StockSet of %d", next), At: "outbox/outbox.go",
				Next: "Send in the order in which the outbox was written, end the round where Kafka does not take an event, and remove only what was sent.",
			})
		}
		next++
	}
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
		s.stored(placed, address, fmt.Sprintf("Order was killed while %s was frozen, and an OrderPlaced tells of an order that was never stored.", part))
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
	s.told(chain, placed, "Kafka is back, and an order that was taken meanwhile is not told of by itself.", o)
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

// Order killed under load loses no order's event, tells of no order it has not, and sends nothing of before again.
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
	s.told(chain, placed, "Order was killed under load, and an order that is stored is never told of.", s.list(address)...)
	s.stored(placed, address, "Order was killed under load, and an OrderPlaced tells of an order that was never stored.")
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
		s.told(chain, placed, fmt.Sprintf("The database failed while order wrote into %s, and an order that is stored is never told of.", table), s.list(address)...)
		s.stored(placed, address, fmt.Sprintf("The database failed while order wrote into %s, and an OrderPlaced tells of an order that was never stored.", table))
	}
}

// The stock and its event are stored together or not at all.
func TestStep04_StockAndEventTogether(t *testing.T) {
	s := open(t)
	s.quiet()
	each, _ := s.tables("product", "stock")
	for _, table := range each {
		told, sku := s.follow(stocks), s.stock(1)
		held := s.hold("product", table)
		request := s.send(s.product, http.MethodPut, "/stock/"+sku, map[string]int{"quantity": 2})
		held.blocked(request.over)
		held.breakOff()
		request.wait()
		want := s.inStock(sku)
		s.set(sku, 3)
		s.toldStock(told, fmt.Sprintf("The database failed while product wrote into %s, and stock that was set after it is never told.", table), map[string]int{sku: 3})
		sets := different(told.where(func(e event) bool { return e.Type == "StockSet" && e.Data.SKU == sku && e.Data.Quantity == 2 }))
		if sets != want-1 {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("The database failed while product wrote into %s, and what is stored and what is told are not the same.", table),
				Got: fmt.Sprintf("%d in stock, %d StockSet of 2", want, sets), Want: "both or neither", At: "product/stock.go",
				Next: "Add the event to the outbox, in the transaction that sets the stock.",
			})
		}
	}
}

// What a service makes of an event and its own event are stored together or not at all.
func TestStep04_MoveAndEventTogether(t *testing.T) {
	s := open(t)
	s.quiet()
	products, _ := s.tables("product", "stock")
	placed, _ := s.tables("order", "orders")
	for i := range max(len(products), len(placed)) {
		product, order := products[min(i, len(products)-1)], placed[min(i, len(placed)-1)]
		s.moves(product, order)
	}
}

// moves breaks off what product makes of an order while it writes into one
// table, then what order makes of the answer while that writes into another.
func (s *shop) moves(product, table string) {
	s.Helper()
	told, answers, sku := s.follow(orders), s.follow(stocks), s.stock(10)
	reserves := s.hold("product", product)
	o := s.buy(order{SKU: sku, Quantity: 4})
	reserves.blocked(func() bool { return s.inStock(sku) != 10 })
	confirms := s.hold("order", table)
	reserves.breakOff()
	confirms.blocked(func() bool { return s.find(o.ID).Status != "Placed" })
	confirms.breakOff()
	s.becomes(o, "Confirmed", "order/react.go")
	s.wait(told, "OrderConfirmed", o.ID, "order/react.go")
	s.toldOnce(answers, "StockReserved", o, fmt.Sprintf("The database failed while product wrote into %s, and one move of the stock is told of by different events.", product), "product/react.go")
	s.toldOnce(told, "OrderConfirmed", o, fmt.Sprintf("The database failed while order wrote into %s, and one move of the order is told of by different events.", table), "order/react.go")
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
	s.holds(sku, 6, "Four of ten were ordered, product was killed once, and the stock does not follow.", remember)
}

// What order makes of an answer is told, even if it dies right after it has stored it.
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

// An event that Kafka does not take for a while holds up those of its key that were added after it.
func TestStep04_NoEventOvertakesAnother(t *testing.T) {
	s := open(t)
	s.quiet()
	told, sku, last := s.follow(stocks), s.stock(0), 5
	s.toldStock(told, "Stock was set, and no StockSet comes.", map[string]int{sku: 0})
	reset := kafka.Open(s.C).Configure(stocks, "max.message.bytes", "25000")
	large := map[string]string{"traceparent": fmt.Sprintf("00-%s-00f067aa0ba902b7-%040000d", newTrace(), 1)}
	answer, err := s.product.Try(s.Context, http.MethodPut, "/stock/"+sku, map[string]int{"quantity": 1}, large)
	if err != nil || !ok(answer) {
		return // a table may be made for traces of the usual length
	}
	for quantity := 2; quantity <= last; quantity++ {
		s.set(sku, quantity)
	}
	s.rounds("product", func() bool { return len(told.Messages()) > 1 })
	reset()
	const say = "Kafka did not take one event for a while, and later ones of the same key came before it."
	s.toldStock(told, say, map[string]int{sku: last})
	s.oldestFirst(told, sku, say)
}

// Events of one sku come in the order in which its stock was changed, even where the transaction that began first changed it last.
func TestStep04_EventsComeInTheOrderOfTheChanges(t *testing.T) {
	s := open(t)
	s.quiet()
	told, placed, sku := s.follow(stocks), s.follow(orders), s.stock(10)
	before := s.buy(order{SKU: sku, Quantity: 1})
	s.wait(told, "StockReserved", before.ID, "product/react.go")
	remembers := s.naming("product", s.wait(placed, "OrderPlaced", before.ID, "order/orders.go").ID)
	reset := kafka.Open(s.C).Configure(stocks, "max.message.bytes", "25") // so all events wait
	held := s.hold("product", remembers...)
	o := s.buy(order{SKU: sku, Quantity: 4})
	held.blocked(func() bool { return s.inStock(sku) != 9 }) // its transaction has begun
	set := s.send(s.product, http.MethodPut, "/stock/"+sku, map[string]int{"quantity": 5})
	s.Within(chain, func() bool { return set.over() || held.waiting() > held.idle+1 })
	overtook := set.over()
	held.release()
	if !ok(set.wait()) {
		return // it cannot do without Kafka, which others see
	}
	s.Within(soon, func() bool { return !overtook || s.inStock(sku) == 1 })
	s.rounds("product", func() bool { return false }) // after which a relay that was amid a round knows of both
	reset()
	s.toldStock(told, "Kafka took no events for a while, and stock that was set meanwhile is never told of.", map[string]int{sku: 5})
	s.wait(told, "StockReserved", o.ID, "product/react.go")
	s.addsUp(told, sku)
}

// naming lists the tables of a service's database, but for that of the stock,
// with a row that names something.
func (s *shop) naming(service, name string) (tables []string) {
	s.Helper()
	conn := postgres.Open(s.C, service)
	for _, table := range conn.Tables() {
		if table != "stock" && conn.Int("SELECT count(*) FROM "+table+" AS named WHERE named::text LIKE $1", "%"+name+"%") > 0 {
			tables = append(tables, table)
		}
	}
	return tables
}

// addsUp ends the check as not yet where the events of a sku, in the order in
// which they came, make another stock than the table holds.
func (s *shop) addsUp(told topic, sku string) {
	s.Helper()
	made, seen, came := 0, map[string]bool{}, []string{}
	for _, e := range told.where(func(e event) bool { return e.Data.SKU == sku }) {
		if seen[e.ID] {
			continue // sent again
		}
		seen[e.ID] = true
		came = append(came, fmt.Sprintf("%s %d", e.Type, e.Data.Quantity))
		if made -= e.Data.Quantity; e.Type == "StockSet" {
			made = e.Data.Quantity
		}
	}
	if holds := s.inStock(sku); made != holds {
		s.NotYet(check.Finding{
			Say: "Two transactions changed the stock of a sku, and the one that began first changed it last. Their events come in another order than the changes.",
			Got: fmt.Sprintf("%s, which makes %d in stock", strings.Join(came, ", "), made), Want: fmt.Sprintf("an order that makes %d in stock, as the table says", holds), At: "outbox/outbox.go",
			Next: "Send in the order in which the rows were added, as an identity column numbers them. now() is when a transaction began, not when it added a row.",
		})
	}
}
