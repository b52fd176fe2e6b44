//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/postgres"
)

// Stock that is set while Kafka is away is published when Kafka is back, all of it and oldest first, even if product dies in between and a transaction commits late.
func TestStep05_NoStockWithoutItsEvent(t *testing.T) {
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
	s.toldStock(told, "Kafka was away while stock was set, product was killed, and the event of stock that was set never comes.", map[string]int{sku: many})
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

// The stock and its event are stored together or not at all.
func TestStep05_StockAndEventTogether(t *testing.T) {
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
		s.toldStock(told, fmt.Sprintf("The database failed while product wrote into %s, and the event of stock that was set after it never comes.", table), map[string]int{sku: 3})
		sets := different(told.where(func(e event) bool { return e.Type == "StockSet" && e.Data.SKU == sku && e.Data.Quantity == 2 }))
		if sets != want-1 {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("The database failed while product wrote into %s, and the stock and the published events differ.", table),
				Got: fmt.Sprintf("%d in stock, %d StockSet of 2", want, sets), Want: "both or neither", At: "product/stock.go",
				Next: "Add the event to the outbox, in the transaction that sets the stock.",
			})
		}
	}
}

// A reservation and its answer are stored together or not at all.
func TestStep05_ReservationAndEventTogether(t *testing.T) {
	s := open(t)
	s.quiet()
	each, _ := s.tables("product", "stock")
	for _, table := range each {
		answers, sku := s.follow(stocks), s.stock(10)
		held := s.hold("product", table)
		o := s.buy(order{SKU: sku, Quantity: 4})
		held.blocked(func() bool { return s.inStock(sku) != 10 })
		held.breakOff()
		s.becomes(o, "Confirmed", "product/react.go")
		s.toldOnce(answers, "StockReserved", o, fmt.Sprintf("The database failed while product wrote into %s, and different events tell of one reservation.", table), "product/react.go")
	}
}

// Product's answer is published, even if product dies right after the commit.
func TestStep05_NoAnswerOfProductIsLost(t *testing.T) {
	s := open(t)
	s.quiet()
	sku := s.stock(10)
	answers := s.follow(stocks)
	var o order
	s.cut("product", func() { o = s.buy(order{SKU: sku, Quantity: 4}) }, func() bool { return s.inStock(sku) == 6 })
	s.stillTold(answers, "StockReserved", o, "product", "product/react.go")
	s.becomes(o, "Confirmed", "order/react.go")
	s.holds(sku, 6, "Four of ten were ordered, product was killed once, and the stock is not what it should be.", remember)
}

// While Kafka does not take an event, the later events of its key wait.
func TestStep05_NoEventOvertakesAnother(t *testing.T) {
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
func TestStep05_EventsComeInTheOrderOfTheChanges(t *testing.T) {
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
	s.toldStock(told, "Kafka took no events for a while, and the event of stock that was set meanwhile never comes.", map[string]int{sku: 5})
	s.wait(told, "StockReserved", o.ID, "product/react.go")
	s.addsUp(told, sku, "Two transactions changed the stock of a sku, and the one that began first changed it last. Their events come in another order than the changes.")
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
func (s *shop) addsUp(told topic, sku, say string) {
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
			Say: say,
			Got: fmt.Sprintf("%s, which makes %d in stock", strings.Join(came, ", "), made), Want: fmt.Sprintf("an order that makes %d in stock, as the table says", holds), At: "outbox/outbox.go",
			Next: "Change the row first, and add the event after it. Send in the order of an identity column: now() is when a transaction began, not when it added a row.",
		})
	}
}

// Of several PUT /stock at the same moment, the one that is in the table is also the last on the topic.
func TestStep05_TheLastSetIsToldLast(t *testing.T) {
	s := open(t)
	told := s.follow(stocks)
	lock, watch := postgres.Open(s.C, "product"), postgres.Open(s.C, "product")
	const times, many = 12, 3 // as many as a pool of four connections can serve beside the relay
	for range times {
		sku := s.stock(0)
		lock.Rows("BEGIN")
		lock.Rows("LOCK TABLE stock IN SHARE MODE")
		var sets []*sent
		for quantity := 1; quantity <= many; quantity++ {
			sets = append(sets, s.send(s.product, http.MethodPut, "/stock/"+sku, map[string]int{"quantity": quantity}))
		}
		s.Within(moment, func() bool { return watch.Int("SELECT count(*) FROM pg_stat_activity WHERE "+waits) >= many })
		lock.Rows("ROLLBACK")
		for _, set := range sets {
			set.wait()
		}
		for quantity := 1; quantity <= many; quantity++ {
			s.toldStock(told, "Stock was set, and no StockSet comes.", map[string]int{sku: quantity})
		}
		s.addsUp(told, sku, "Several PUT /stock of one sku came at the same moment, and their events come in another order than the changes.")
	}
}

// Two instances of product send each event once and in order, and one goes on when the other has died.
func TestStep05_OneRelayWorksAtATime(t *testing.T) {
	s := open(t)
	told, tap := s.follow(stocks), kafka.Open(s.C).Tap()
	second := s.second("product", s.product, tap)
	const next = "Let a relay read the outbox only while it holds a lock of the database, such as pg_try_advisory_lock."
	const many = 40
	sets := func(sku string) (events []event) {
		for quantity := 1; quantity <= many; quantity++ {
			s.set(sku, quantity)
		}
		s.toldStock(told, "Two instances of product run on one database, and the event of stock that was set never comes.", map[string]int{sku: many})
		return told.where(func(e event) bool { return e.Data.SKU == sku })
	}
	if events := sets(s.stock(0)); len(events) > different(events) {
		s.NotYet(check.Finding{
			Say: "Two instances of product run on one database. Nothing failed, and events come more than once.",
			Got: fmt.Sprintf("%d events, and %d copies of them", different(events), len(events)-different(events)), Want: "each event once",
			At: "outbox/outbox.go", Next: next, Output: second.Output(),
		})
	}
	tap.Refuse(kmsg.Produce, 2*tries, kafkago.RequestTimedOut) // so that the second one takes longer
	sku := s.stock(0)
	sets(sku)
	tap.Refuse(kmsg.Produce, 0, kafkago.RequestTimedOut)
	s.oldestFirst(told, sku, "Two instances of product run on one database. Kafka did not take the events of one of them for a while, and the other one sent later events of the same sku before them.")
	killed := s.Fault("product")
	killed.Kill()
	sku = fresh("sku")
	second.Put("/stock/"+sku, map[string]int{"quantity": 3}).Want(http.StatusOK, http.StatusNoContent)
	s.toldStock(told, "Two instances of product ran on one database, one was killed, and the other does not send the events.", map[string]int{sku: 3})
	second.Kill()
	killed.Heal()
}
