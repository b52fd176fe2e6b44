//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"cnalab/labs/check"
)

// The stock rebuilt from the log equals the live stock, as often as it is rebuilt.
func TestStep06_RebuiltEqualsLive(t *testing.T) {
	s := open(t)
	s.rebuild()
	sku := s.trade()
	for range 2 {
		s.rebuilt(sku, s.inStock(sku), "Set, reserved, rejected and given back: the log holds it all.")
	}
}

// An event that is in the log twice counts once.
func TestStep06_EventsCountOnce(t *testing.T) {
	s := open(t)
	s.rebuild()
	told := s.follow(stocks)
	sku := s.trade()
	s.redeliver(told, told.where(func(e event) bool { return e.Data.SKU == sku }))
	s.rebuilt(sku, s.inStock(sku), "Each event about the sku is in the log twice.")
}

// The rebuild reads the log, and not the table.
func TestStep06_TheLogIsTheTruth(t *testing.T) {
	s := open(t)
	s.rebuild()
	sku := fresh("sku")
	for _, e := range []struct {
		kind     string
		quantity int
	}{{"StockSet", 7}, {"StockSet", 3}, {"StockReturned", 2}} {
		value, err := json.Marshal(map[string]any{
			"id": fresh("event"), "type": e.kind, "time": time.Now().UTC(),
			"data": map[string]any{"order": fresh("order"), "sku": sku, "quantity": e.quantity},
		})
		s.Must(err, "The check could not write an event.")
		s.Kafka().Produce(stocks, check.Message{Key: sku, Value: string(value)})
	}
	s.rebuilt(sku, 5, "The check wrote StockSet 7, StockSet 3 and StockReturned 2 of a new sku into the log.")
}

// trade makes a sku go through all that can happen to it.
func (s *shop) trade() (sku string) {
	s.Helper()
	sku = s.stock(20)
	s.becomes(s.place(order{SKU: sku, Quantity: 3}), "Confirmed", "")
	s.becomes(s.place(order{SKU: sku, Quantity: 100}), "Rejected", "")
	s.cancelOne(s.follow(stocks), sku)
	s.product.Put("/stock/"+sku, map[string]int{"quantity": 50}).Want(http.StatusOK, http.StatusNoContent)
	s.becomes(s.place(order{SKU: sku, Quantity: 4}), "Confirmed", "")
	return sku
}

// rebuild asks product for the stock of every sku, from the log.
func (s *shop) rebuild() map[string]int {
	s.Helper()
	answer := s.product.Post("/rebuild", nil)
	if answer.Status == http.StatusNotFound || answer.Status == http.StatusMethodNotAllowed {
		s.NotYet(check.Finding{
			Say: "Product does not know POST /rebuild.", Got: answer.Status, Want: `200 {"stock": {"sku-…": 5, …}}`,
			At: "product/http.go",
		})
	}
	var out struct{ Stock map[string]int }
	answer.Want(http.StatusOK).JSON(&out)
	return out.Stock
}

// rebuilt waits until the rebuilt stock of a sku is the quantity.
func (s *shop) rebuilt(sku string, quantity int, because string) {
	s.Helper()
	s.eventually(soon, func() *check.Finding {
		got, known := s.rebuild()[sku]
		if known && got == quantity {
			return nil
		}
		finding := &check.Finding{
			Say:  because + " The rebuild says otherwise.",
			Got:  fmt.Sprintf("POST /rebuild says %d", got),
			Want: fmt.Sprintf("%d", quantity),
			At:   "product/rebuild.go",
			Next: "Begin at the first event of every partition, and count each id once.",
		}
		if !known {
			finding.Got = "POST /rebuild does not know the sku"
		}
		return finding
	})
}
