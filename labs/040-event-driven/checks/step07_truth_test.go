//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
)

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
