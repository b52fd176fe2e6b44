//go:build lab

package checks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/postgres"
)

// readAll is what to do where a rebuild says another stock than the log.
const readAll = "Read every partition from its first event to its end, and count each id once."

// The stock rebuilt from the log equals the live stock, as often as it is rebuilt.
func TestStep07_RebuiltEqualsLive(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.rebuild()
	sku := s.trade()
	live := s.inStock(sku)
	s.rebuilt(sku, live, "A sku was set, reserved, rejected, given back and set again, and the rebuilt stock is not the live stock.")
	for range 3 {
		if got, known := s.rebuild()[sku]; !known || got != live {
			s.NotYet(check.Finding{
				Say: "The log was rebuilt again, and the answer is another one though nothing has happened to the sku.", Got: quantity(got, known), Want: quantity(live, true),
				At: "product/rebuild.go", Next: "Begin each rebuild with nothing, at the first event of each partition.",
			})
		}
	}
}

// The rebuild restores the table: it holds what the log says, and nothing else.
func TestStep07_TheTableIsRestored(t *testing.T) {
	s := open(t)
	s.rebuild()
	told := s.follow(stocks)
	changed, deleted, unknown := s.stock(20), s.stock(5), fresh("sku")
	s.becomes(s.buy(order{SKU: changed, Quantity: 3}), "Confirmed", "product/react.go")
	s.toldStock(told, "Stock was set, and no StockSet comes.", map[string]int{changed: 20, deleted: 5})
	conn := postgres.Open(s.C, "product")
	for range 2 {
		conn.Rows("UPDATE stock SET quantity = 1 WHERE sku = $1", changed)
		conn.Rows("DELETE FROM stock WHERE sku = $1", deleted)
		conn.Rows("INSERT INTO stock (sku, quantity) VALUES ($1, 9)", unknown)
		s.rebuild()
		for sku, want := range map[string]int{changed: 17, deleted: 5, unknown: 0} {
			if got := s.inStock(sku); got != want {
				s.NotYet(check.Finding{
					Say: "The check changed one row of the table stock, deleted one, and inserted one that the log does not know. POST /rebuild was answered, and the table does not hold what the log says.",
					Got: fmt.Sprintf("%d in stock", got), Want: fmt.Sprintf("%d in stock", want), At: "product/rebuild.go",
					Next: "Delete all rows of the table and insert what the log says, in one transaction.",
				})
			}
		}
	}
}

// Where the log says less than zero of a sku, the answer is an error, and the table stays as it was.
func TestStep07_LessThanZeroIsAnError(t *testing.T) {
	s := open(t)
	s.rebuild()
	told, known := s.follow(stocks), s.stock(4)
	s.toldStock(told, "Stock was set, and no StockSet comes.", map[string]int{known: 4})
	topic, _ := kafka.Open(s.C).Topic(stocks)
	lacks := fresh("sku")
	late := &shop{C: &check.C{T: s.T, Context: context.WithoutCancel(s.Context)}}
	s.Cleanup(func() { late.tell(topic.Partitions[0], lacks, "StockSet", 1) }) // else no rebuild works any more
	s.tell(topic.Partitions[0], lacks, "StockReserved", 3)
	answer := s.try(s.product, http.MethodPost, "/rebuild", nil, "")
	const next = "Look for a quantity below zero before you write the table, and return an error."
	if ok(answer) {
		got, is := s.stockOf(answer)[lacks]
		s.NotYet(check.Finding{
			Say: "The log holds a StockReserved 3 of a new sku and nothing before it, and POST /rebuild answers as if the log were complete.",
			Got: quantity(got, is), Want: "an error, such as 500", At: "product/rebuild.go", Next: next,
		})
	}
	if got := s.inStock(known); got != 4 {
		s.NotYet(check.Finding{
			Say: "POST /rebuild answered with an error, and it has changed the table.", Got: fmt.Sprintf("%d in stock", got), Want: "4 in stock", At: "product/rebuild.go",
			Next: "Change the table in one transaction, which is rolled back after an error.",
		})
	}
}

// What others change during a rebuild is in the table afterwards, and nobody sees an empty table.
func TestStep07_ChangesMeanwhileAreKept(t *testing.T) {
	s := open(t)
	s.rebuild()
	told, known := s.follow(stocks), s.stock(7)
	const next = "Lock the table stock before you read the log, and commit after you have written the table: LOCK TABLE stock IN SHARE ROW EXCLUSIVE MODE."
	for range 5 {
		request := s.send(s.product, http.MethodPost, "/rebuild", nil)
		set, lowest := map[string]int{}, 7
		for !request.over() && len(set) < 200 {
			set[s.stock(3)] = 3
			lowest = min(lowest, s.inStock(known))
		}
		set[s.stock(3)] = 3
		if answer := request.wait(); answer == nil || answer.Status != http.StatusOK {
			s.rebuild() // says what is wrong
		}
		if lowest != 7 {
			s.NotYet(check.Finding{
				Say: "During POST /rebuild a sku of which seven are in stock had less for a moment.", Got: fmt.Sprintf("%d in stock", lowest), Want: "7 in stock",
				At: "product/rebuild.go", Next: "Delete and insert in one transaction: others see the old rows until it commits.",
			})
		}
		lost := 0
		for sku := range set {
			if s.inStock(sku) != 3 {
				lost++
			}
		}
		if lost > 0 {
			s.NotYet(check.Finding{
				Say: "Stock was set while POST /rebuild was at work, and the rebuild has overwritten it.", Got: fmt.Sprintf("%d of %d skus lost", lost, len(set)),
				Want: "none lost", At: "product/rebuild.go", Next: next,
			})
		}
		s.toldStock(told, "Stock was set, and no StockSet comes.", set)
	}
}

// A rebuild waits for the events that are still in the outbox.
func TestStep07_WaitsForTheRelay(t *testing.T) {
	s := open(t)
	s.rebuild()
	told, sku := s.follow(stocks), s.stock(3)
	s.toldStock(told, "Stock was set, and no StockSet comes.", map[string]int{sku: 3})
	reset := kafka.Open(s.C).Configure(stocks, "max.message.bytes", "25") // so all events wait
	s.set(sku, 8)
	request := s.send(s.product, http.MethodPost, "/rebuild", nil)
	s.Within(4*moment, request.over)
	reset()
	answer := request.wait()
	s.toldStock(told, "Kafka took no events for a while, and the event of stock that was set meanwhile never comes.", map[string]int{sku: 8})
	if got := s.inStock(sku); got != 8 {
		s.NotYet(check.Finding{
			Say: "Stock was set to 8, and its event was still in the outbox when POST /rebuild came. The rebuild has overwritten the 8.",
			Got: fmt.Sprintf("%d in stock", got), Want: "8 in stock", At: "product/rebuild.go",
			Next: "Wait until the outbox is empty before you read the log. Nobody adds an event meanwhile, as the table stock is locked.",
		})
	}
	if !ok(answer) {
		s.rebuild() // a rebuild may refuse while events wait, and works after it
	}
}

// An event that is in the log twice counts once, however many others came in between.
func TestStep07_EventsCountOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.countsOnceLater()
	told := s.follow(stocks)
	sku := s.trade()
	events := told.where(func(e event) bool { return e.Data.SKU == sku })
	s.redeliver(told, events[:len(events)-1]) // the last once: else all of it again comes to the same stock
	s.rebuilt(sku, s.inStock(sku), "Each event of a sku but the last is in the log twice, and the rebuilt stock is not the live stock.")
}

// countsOnceLater ends the check as not yet where an event counts again that
// comes a second time after many others. The topic keeps them all, so they are
// written once for all runs: in one request, so whole or not at all.
func (s *shop) countsOnceLater() {
	s.Helper()
	const again, others = "again-", 1500
	var sku string
	for known := range s.rebuild() {
		if strings.HasPrefix(known, again) {
			sku = known
		}
	}
	if sku == "" {
		sku = fresh("again")
		reserved := s.message(sku, "StockReserved", facts{Order: fresh("order"), SKU: sku, Quantity: 1})
		messages := []kafka.Message{s.message(sku, "StockSet", facts{SKU: sku, Quantity: 9}), reserved}
		for range others {
			messages = append(messages, s.message(sku, "StockReserved", facts{Order: fresh("order"), SKU: sku}))
		}
		topic, _ := kafka.Open(s.C).Topic(stocks)
		kafka.Open(s.C).ProduceTo(stocks, topic.Partitions[0], append(messages, reserved)...)
	}
	s.rebuilt(sku, 8, fmt.Sprintf("The check wrote StockSet 9 and StockReserved 1 of a new sku, %d StockReserved 0, and then the StockReserved 1 again, with its id. The rebuilt stock is another.", others))
}

// The rebuild reads the whole log of every partition, and not the table.
func TestStep07_TheLogIsTheTruth(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.rebuild()
	topic, _ := kafka.Open(s.C).Topic(stocks)
	for _, partition := range topic.Partitions {
		sku := fresh("sku")
		kafka.Open(s.C).ProduceTo(stocks, partition, kafka.Message{Key: sku, Value: "no event"})
		s.tell(partition, sku, "StockSet", 7)
		s.tell(partition, sku, "StockSet", 100)
		for range 3 {
			s.tell(partition, sku, "StockReserved", 20)
		}
		s.tell(partition, sku, "StockRejected", 50)
		s.tell(partition, sku, "StockReturned", 5)
		s.rebuilt(sku, 45, fmt.Sprintf("The check wrote StockSet 7 and 100, three StockReserved 20, StockRejected 50 and StockReturned 5 of a new sku into partition %d, and the rebuilt stock is another.", partition))
	}
	soldOut := fresh("sku")
	s.tell(topic.Partitions[0], soldOut, "StockSet", 3)
	s.tell(topic.Partitions[0], soldOut, "StockReserved", 3)
	s.rebuilt(soldOut, 0, "The check wrote StockSet 3 and StockReserved 3 of a new sku, so it is sold out, and the rebuild does not say so.")
	told := s.follow(stocks)
	known := s.stock(10)
	s.toldStock(told, "Stock was set, and no StockSet comes.", map[string]int{known: 10})
	set := told.where(func(e event) bool { return e.Data.SKU == known })
	s.tell(set[0].message.Partition, known, "StockReserved", 4)
	s.rebuilt(known, 6, "The log says that four of ten are reserved, the table does not, and the rebuild does not say what the log says.")
}

// A log that comes in many pieces is read to its end.
func TestStep07_ALongLogIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	s := open(t)
	topic, _ := kafka.Open(s.C).Topic(stocks)
	partition := topic.Partitions[0]
	const long, left = "long", 92
	is := func() bool {
		for sku, quantity := range s.rebuild() {
			if strings.HasPrefix(sku, long) && quantity == left {
				return true
			}
		}
		return false
	}
	if !is() { // from an earlier check
		s.lengthen(partition, fresh(long))
	}
	sku := fresh("sku")
	s.tell(partition, sku, "StockSet", 5)
	const say = "One partition holds more than a broker sends at once, and the rebuilt stock is not what the log says."
	s.rebuilt(sku, 5, say)
	if !is() {
		s.NotYet(check.Finding{
			Say: say, Got: "another quantity of the sku with the long events", Want: quantity(left, true), At: "product/rebuild.go", Next: readAll,
		})
	}
}

// lengthen writes 1.6 MB about a sku, in events with long data: eight of a
// hundred are reserved. They are few events: some fetch anew for each.
func (s *shop) lengthen(partition int, sku string) {
	s.Helper()
	s.tell(partition, sku, "StockSet", 100)
	for range 8 {
		var messages []kafka.Message
		for _, quantity := range []int{0, 0, 1} {
			about := facts{Order: fresh("order") + strings.Repeat("-order", 11_000), SKU: sku, Quantity: quantity}
			messages = append(messages, s.message(sku, "StockReserved", about))
		}
		kafka.Open(s.C).ProduceTo(stocks, partition, messages...)
	}
}

// A rebuild ends where the log ended when it began, while more is written.
func TestStep07_EndsWhileEventsArrive(t *testing.T) {
	t.Parallel()
	s := open(t)
	began := time.Now()
	s.rebuild()
	before := time.Since(began).Round(10 * time.Millisecond)
	topic, _ := kafka.Open(s.C).Topic(stocks)
	busy, sku := fresh("sku"), fresh("sku")
	for _, partition := range topic.Partitions {
		s.tell(partition, busy, "StockSet", 1)
	}
	s.tell(topic.Partitions[0], sku, "StockSet", 30)
	request := s.send(s.product, http.MethodPost, "/rebuild", nil)
	s.Within(12*time.Second, func() bool {
		for _, partition := range topic.Partitions {
			s.tell(partition, busy, "StockSet", 1)
		}
		return request.over()
	})
	answer := request.wait()
	if answer == nil {
		s.Alive("product")
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("Events kept arriving, and POST /rebuild was not answered within 10 s. With none arriving it took %s.", before),
			Got: "no answer", Want: "the stock as it was when the rebuild began",
			At: "product/rebuild.go", Next: "Ask where each partition ends first, and read so far.", Output: s.LogSince("product"),
		})
	}
	if got, known := s.stockOf(answer)[sku]; !known || got != 30 {
		s.NotYet(check.Finding{
			Say: "Events kept arriving, and POST /rebuild left out what was in the log before.", Got: quantity(got, known), Want: quantity(30, true),
			At: "product/rebuild.go", Next: readAll,
		})
	}
}

// slowness makes a rebuild take long enough to be cut off amid its work.
const slowness = 10 * time.Millisecond

// Where the log cannot be read to its end, the answer is an error.
func TestStep07_NoLogNoAnswer(t *testing.T) {
	s := open(t)
	s.rebuild()
	last := s.lastOnes()
	broker := s.kafka()
	broker.Slow(slowness)
	began := time.Now()
	if ok(s.try(s.product, http.MethodPost, "/rebuild", nil, "")) {
		s.halfLogs(broker, time.Since(began), last)
	}
	broker.Stop()
	if answer := s.try(s.product, http.MethodPost, "/rebuild", nil, ""); ok(answer) {
		s.NotYet(check.Finding{
			Say: "Kafka is stopped, and POST /rebuild answers with a stock, as if it had read the log.", Got: fmt.Sprintf("%d, with %d skus", answer.Status, len(s.stockOf(answer))), Want: "an error, such as 500",
			At: "product/rebuild.go", Next: "Return each error of reading, and answer 500.",
		})
	}
}

// lastOnes are skus of which the last event of each partition tells.
func (s *shop) lastOnes() (skus []string) {
	s.Helper()
	topic, _ := kafka.Open(s.C).Topic(stocks)
	for _, partition := range topic.Partitions {
		sku := fresh("sku")
		s.tell(partition, sku, "StockSet", 9)
		skus = append(skus, sku)
	}
	return skus
}

// halfLogs cuts Kafka off at several moments of a rebuild that takes so long:
// amid it, and about the last that it reads, after which nothing else can fail.
// One that goes on when Kafka is back leaves nothing out there.
func (s *shop) halfLogs(broker outage, took time.Duration, last []string) {
	s.Helper()
	goesOn := false
	for _, percent := range []time.Duration{30, 50, 70} {
		answered, waited := s.halfALog(broker, percent*took/100, last)
		goesOn = goesOn || answered && waited
	}
	after := took - slowness
	for tries := 0; tries < 5 && !goesOn; tries++ {
		answered, waited := s.halfALog(broker, after, last)
		goesOn = answered && waited
		if answered {
			after -= slowness
		} else {
			after += slowness / 2
		}
	}
}

// halfALog cuts Kafka off that long after a rebuild has begun, and reports
// whether it answers, and whether it waited for Kafka until then. If it was over
// or has waited, its answer holds the whole log.
func (s *shop) halfALog(broker outage, after time.Duration, last []string) (answered, waited bool) {
	s.Helper()
	broker.Slow(slowness)
	request := s.send(s.product, http.MethodPost, "/rebuild", nil)
	select {
	case <-request.done:
	case <-time.After(after):
	}
	broker.Cut()
	waited = !s.Within(moment, request.over)
	broker.Heal()
	answer := request.wait()
	if !ok(answer) {
		return false, waited
	}
	rebuilt := s.stockOf(answer)
	for _, sku := range last {
		if got, known := rebuilt[sku]; got != 9 {
			s.NotYet(check.Finding{
				Say: "Kafka was cut off while POST /rebuild read the log, and its answer leaves out what is in the log.", Got: quantity(got, known), Want: "an error, such as 500",
				At: "product/rebuild.go", Next: "Return each error of reading, and answer 500.",
			})
		}
	}
	return true, waited
}

// tell writes events of a sku into the log, one for each quantity.
func (s *shop) tell(partition int, sku, kind string, quantities ...int) {
	s.Helper()
	var messages []kafka.Message
	for _, quantity := range quantities {
		messages = append(messages, s.message(sku, kind, facts{Order: fresh("order"), SKU: sku, Quantity: quantity}))
	}
	kafka.Open(s.C).ProduceTo(stocks, partition, messages...)
}

// trade makes a sku go through all that can happen to it.
func (s *shop) trade() (sku string) {
	s.Helper()
	sku = s.stock(20)
	s.becomes(s.buy(order{SKU: sku, Quantity: 3}), "Confirmed", "product/react.go")
	s.becomes(s.buy(order{SKU: sku, Quantity: 100}), "Rejected", "product/react.go")
	s.cancelOne(s.follow(stocks), sku)
	s.set(sku, 50)
	s.becomes(s.buy(order{SKU: sku, Quantity: 4}), "Confirmed", "product/react.go")
	return sku
}

// rebuild asks product for the stock of every sku, from the log.
func (s *shop) rebuild() map[string]int {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context, 10*time.Second)
	defer cancel()
	answer, err := s.product.Try(ctx, http.MethodPost, "/rebuild", nil, nil)
	if err != nil {
		s.late(err)
		answer = s.product.Post("/rebuild", nil) // says what is wrong
	}
	if answer.Status == http.StatusNotFound || answer.Status == http.StatusMethodNotAllowed {
		s.NotYet(check.Finding{
			Say: "Product does not know POST /rebuild.", Got: answer.Status, Want: http.StatusOK,
			At: "product/http.go", Next: "Add the route, and read the topic stock for its answer.",
		})
	}
	return s.stockOf(answer.Want(http.StatusOK))
}

// late ends the check as not yet where a rebuild was at work when its time was
// over, and product answers other questions.
func (s *shop) late(err error) {
	s.Helper()
	if !errors.Is(err, context.DeadlineExceeded) || s.Context.Err() != nil {
		return
	}
	s.Alive("product")
	s.inStock(fresh("sku"))
	s.NotYet(check.Finding{
		Say: fmt.Sprintf("POST /rebuild was not answered within 10 s. The topic stock holds %d events.", kafka.Open(s.C).Lag(fresh("nobody"), stocks)),
		Got: "no answer", Want: "an answer within 10 s", At: "product/rebuild.go",
		Next:   "Read each partition to where it ended when you asked, and in batches, with ReadBatch: ReadMessage of a connection fetches anew for each message.",
		Output: s.LogSince("product"),
	})
}

// stockOf reads the answer to a rebuild.
func (s *shop) stockOf(answer *check.Answer) map[string]int {
	s.Helper()
	var out struct{ Stock map[string]int }
	answer.JSON(&out)
	return out.Stock
}

// rebuilt waits until the rebuilt stock of a sku is the quantity: its last
// event may still be on its way.
func (s *shop) rebuilt(sku string, want int, say string) {
	s.Helper()
	s.eventually(soon, func() *check.Finding {
		got, known := s.rebuild()[sku]
		if known && got == want {
			return nil
		}
		return &check.Finding{
			Say: say, Got: quantity(got, known), Want: quantity(want, true), At: "product/rebuild.go", Next: readAll,
		}
	}, "product")
}

// quantity is what a rebuild says of a sku.
func quantity(n int, known bool) string {
	if !known {
		return "the sku is not in the answer"
	}
	return fmt.Sprintf("%d in stock", n)
}
