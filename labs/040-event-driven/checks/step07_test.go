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

// A rebuild that waits in vain for the relay ends, and lets the others change the stock.
func TestStep07_DoesNotWaitForEver(t *testing.T) {
	s := open(t)
	s.rebuild()
	told, sku := s.follow(stocks), s.stock(3)
	s.toldStock(told, "Stock was set, and no StockSet comes.", map[string]int{sku: 3})
	reset := kafka.Open(s.C).Configure(stocks, "max.message.bytes", "25") // so the outbox is never empty
	s.set(sku, 8)
	ctx, cancel := context.WithTimeout(s.Context, time.Second)
	_, _ = s.product.Try(ctx, http.MethodPost, "/rebuild", nil, nil)
	cancel()
	answer := s.try(s.product, http.MethodPut, "/stock/"+sku, map[string]int{"quantity": 9}, "")
	reset()
	if !ok(answer) {
		s.Alive("product")
		s.NotYet(check.Finding{
			Say: "Kafka takes no events, so the outbox does not become empty. Somebody asked for POST /rebuild and went away, and 11 s later PUT /stock/{sku} still waits.",
			Got: "no answer", Want: "the rebuild ends within 10 s, and the stock is set", At: "product/rebuild.go",
			Next: "Give all that the rebuild does a context that ends after 10 s, and return its error while you wait for the outbox.", Output: s.LogSince("product"),
		})
	}
	s.toldStock(told, "Kafka took no events for a while, and the event of stock that was set meanwhile never comes.", map[string]int{sku: 9})
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
