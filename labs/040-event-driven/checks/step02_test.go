//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"testing"

	"cnalab/labs/check"
)

// An order of what is in stock is reserved, confirmed and shipped.
func TestStep02_OrderIsConfirmedAndShipped(t *testing.T) {
	t.Parallel()
	s := open(t)
	sku := s.stock(10)
	told, answers := s.follow(orders), s.follow(stocks)
	o := s.buy(order{SKU: sku, Quantity: 3})
	s.answers(s.answered(answers, "StockReserved", o), o)
	s.becomes(o, "Confirmed", "order/main.go")
	s.same(s.wait(told, "OrderConfirmed", o.ID, "order/main.go"), o)
	s.holds(sku, 7, "Three of ten were ordered.")
	s.ships(o)
}

// An order of more than there is becomes rejected, and takes nothing.
func TestStep02_TooMuchIsRejected(t *testing.T) {
	t.Parallel()
	s := open(t)
	sku := s.stock(2)
	told, answers := s.follow(orders), s.follow(stocks)
	tooMuch := s.buy(order{SKU: sku, Quantity: 3})
	s.answers(s.answered(answers, "StockRejected", tooMuch), tooMuch)
	s.becomes(tooMuch, "Rejected", "order/main.go")
	s.same(s.wait(told, "OrderRejected", tooMuch.ID, "order/main.go"), tooMuch)
	s.holds(sku, 2, "The one order was rejected.")
	enough := s.buy(order{SKU: sku, Quantity: 2})
	s.becomes(enough, "Confirmed", "order/main.go")
	s.ships(enough)
	if answer := s.delivery.Get("/deliveries/" + tooMuch.ID); answer.Status != http.StatusNotFound {
		s.NotYet(check.Finding{
			Say: "A rejected order was delivered.", Got: string(answer.Body), Want: "no delivery", At: "order/main.go",
			Next: "Only a StockReserved confirms an order.",
		})
	}
}

// What is in stock once is sold once, however many ask for it.
func TestStep02_LastOnesAreSoldOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	sku := s.stock(3)
	answers := s.follow(stocks)
	var placed []order
	for range 6 {
		placed = append(placed, s.buy(order{SKU: sku, Quantity: 1}))
	}
	s.answered(answers, "", placed[0])
	count := map[string]int{}
	s.eventually(chain, func() *check.Finding {
		count = map[string]int{}
		for _, o := range placed {
			count[s.find(o.ID).Status]++
		}
		if count["Confirmed"] == 3 && count["Rejected"] == 3 {
			return nil
		}
		return &check.Finding{
			Say:  "Six orders of one each met a stock of three, and not three of them were confirmed.",
			Got:  fmt.Sprint(count),
			Want: "three Confirmed, three Rejected",
			At:   "product/main.go",
			Next: "Look and take in one statement, so that nobody comes in between.",
		}
	})
	s.holds(sku, 0, "All three were sold.")
}

// An order is taken while product is away, and answered by each when it is back.
func TestStep02_NobodyIsInCharge(t *testing.T) {
	s := open(t)
	sku := s.stock(5)
	answers := s.follow(stocks)
	product, away := s.Fault("product"), s.Fault("order")
	product.Stop()
	o := s.buy(order{SKU: sku, Quantity: 1})
	if now := s.find(o.ID); now.Status != "Placed" {
		s.NotYet(check.Finding{
			Say: "With product stopped, the order has another status.", Got: now.Status, Want: "Placed",
			Next: "order only tells what happened; product reacts when it can.",
		})
	}
	away.Stop()
	product.Heal()
	s.answered(answers, "StockReserved", o)
	away.Heal()
	s.becomes(o, "Confirmed", "order/main.go")
}

// answered waits until product answers the order, and returns the answer; it
// must be of that kind, where one is given.
func (s *shop) answered(answers topic, kind string, o order) event {
	s.Helper()
	var found []event
	s.eventually(chain, func() *check.Finding {
		found = append(answers.of("StockReserved", o.ID), answers.of("StockRejected", o.ID)...)
		if len(found) > 0 {
			return nil
		}
		return &check.Finding{
			Say: "Product does not answer an OrderPlaced on the topic stock.", Got: answers.shows(),
			Want: fmt.Sprintf(`{"id": …, "type": "StockReserved" or "StockRejected", "data": {"order": %q, …}}`, o.ID), At: "product/main.go",
			Next: nextOf["StockReserved"],
		}
	}, "order", "product")
	if kind != "" && found[0].Type != kind {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("Product answers %s to an order of %d that should be %s.", found[0].Type, o.Quantity, kind),
			Got: found[0].message.Value, Want: kind, At: "product/main.go",
			Next: "Compare the quantity with what is in stock, in the statement that takes it.",
		})
	}
	return found[0]
}

// holds waits until the stock of a sku is the quantity.
func (s *shop) holds(sku string, quantity int, because string) {
	s.Helper()
	s.eventually(chain, func() *check.Finding {
		if got := s.inStock(sku); got != quantity {
			return &check.Finding{
				Say: because + " The stock is not what follows.", Got: fmt.Sprint(got, " in stock"), Want: fmt.Sprint(quantity, " in stock"),
			}
		}
		return nil
	}, "product")
}

// ships waits until the order is shipped.
func (s *shop) ships(o order) {
	s.Helper()
	s.eventually(chain, func() *check.Finding {
		if answer := s.delivery.Get("/deliveries/" + o.ID); answer.Status != http.StatusOK {
			return &check.Finding{
				Say:  "The order is confirmed, but delivery does not hear of it.",
				Got:  fmt.Sprint(answer.Status, " ", string(answer.Body)),
				Want: "a delivery",
				At:   "order/main.go",
				Next: "delivery waits for OrderConfirmed on the topic orders, with order and address in its data.",
			}
		}
		return nil
	}, "order", "delivery")
}
