//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
)

// The stock rebuilt from the log equals the live stock, as often as it is rebuilt.
func TestStep06_RebuiltEqualsLive(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.rebuild()
	sku := s.trade()
	s.rebuilt(sku, s.inStock(sku), "Set, reserved, rejected and given back: the log holds it all.")
}

// An event that is in the log twice counts once.
func TestStep06_EventsCountOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.rebuild()
	told := s.follow(stocks)
	sku := s.trade()
	s.redeliver(told, told.where(func(e event) bool { return e.Data.SKU == sku && e.Type != "StockSet" }))
	s.rebuilt(sku, s.inStock(sku), "Each reservation and return of the sku is in the log twice.")
}

// The rebuild reads the whole log, and not the table.
func TestStep06_TheLogIsTheTruth(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.rebuild()
	topic, _ := kafka.Open(s.C).Topic(stocks)
	for partition := range topic.Partitions {
		sku := fresh("sku")
		s.tell(partition, sku, "StockSet", 7)
		s.tell(partition, sku, "StockSet", 100)
		for range 3 {
			s.tell(partition, sku, "StockReserved", slices.Repeat([]int{1}, 20)...)
		}
		s.tell(partition, sku, "StockReturned", 5)
		s.rebuilt(sku, 45, fmt.Sprintf("The check wrote StockSet 7 and 100, StockReserved 1 sixty times, and StockReturned 5 "+
			"of a new sku into partition %d.", partition))
	}
}

// tell writes events of a sku into the log, one for each quantity.
func (s *shop) tell(partition int, sku, kind string, quantities ...int) {
	s.Helper()
	var messages []kafka.Message
	for _, quantity := range quantities {
		value, err := json.Marshal(map[string]any{
			"id": fresh("event"), "type": kind, "time": time.Now().UTC(),
			"data": map[string]any{"order": fresh("order"), "sku": sku, "quantity": quantity},
		})
		s.Must(err, "The check could not write an event.")
		messages = append(messages, kafka.Message{Key: sku, Value: string(value)})
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
	s.product.Put("/stock/"+sku, map[string]int{"quantity": 50}).Want(http.StatusOK, http.StatusNoContent)
	s.becomes(s.buy(order{SKU: sku, Quantity: 4}), "Confirmed", "product/react.go")
	return sku
}

// rebuild asks product for the stock of every sku, from the log.
func (s *shop) rebuild() map[string]int {
	s.Helper()
	answer := s.product.Post("/rebuild", nil)
	if answer.Status == http.StatusNotFound || answer.Status == http.StatusMethodNotAllowed {
		s.NotYet(check.Finding{
			Say: "Product does not know POST /rebuild.", Got: answer.Status, Want: `200 {"stock": {"sku-…": 5, …}}`,
			At: "product/http.go", Next: "Add the route, and read the topic stock for its answer.",
		})
	}
	var out struct{ Stock map[string]int }
	answer.Want(http.StatusOK).JSON(&out)
	return out.Stock
}

// rebuilt waits until the rebuilt stock of a sku is the quantity: its last
// event may still be on its way. Then it has to be that each time.
func (s *shop) rebuilt(sku string, quantity int, because string) {
	s.Helper()
	look := func() *check.Finding {
		got, known := s.rebuild()[sku]
		if known && got == quantity {
			return nil
		}
		finding := &check.Finding{
			Say:  because + " The rebuild says otherwise.",
			Got:  fmt.Sprintf("POST /rebuild says %d", got),
			Want: fmt.Sprintf("%d", quantity),
			At:   "product/rebuild.go",
			Next: "Read every partition from its first event to its end, and count each id once.",
		}
		if !known {
			finding.Got = "POST /rebuild does not know the sku"
		}
		return finding
	}
	s.eventually(soon, look, "product")
	for range 3 {
		if finding := look(); finding != nil {
			s.NotYet(*finding)
		}
	}
}
