//go:build lab

package checks

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/proc"
)

// A change that product commits late is not passed over.
func TestStep04_ALateChangeIsNotPassedOver(t *testing.T) {
	s := open(t)
	late, _ := s.sells(6000)
	early, _ := s.sells(6100)
	sku := fresh("sku")
	third := product{SKU: sku, Name: "Shelf " + sku[4:], Price: 6200, Stock: 5}
	moved := order{ID: fresh("order"), SKU: sku, Quantity: 1, Address: fresh("street"), Placed: time.Date(2026, 9, 9, 8, 30, 0, 0, time.UTC)}
	s.sold(third, moved)
	move := proc.Build(s.C, "move")
	held := s.delays(late.SKU)
	late.Price, early.Price = 6001, 6101
	first := s.send(s.product, http.MethodPut, "/products/"+late.SKU, late)
	if !s.Within(soon, func() bool { return held.waiting() > 0 || first.over() }) || first.over() {
		held.release()
		<-first.done
		s.arrives(arrival, late, notRefreshed("A product has another price, and two seconds later an order is still placed with the old one."))
		return
	}
	mover := move.Start(proc.Call{Env: databases()})
	over := func() bool { _, ended := mover.Exit(); return ended }
	s.Within(soon, func() bool { return over() || held.waiting() > 1 })
	waiting := held.waiting()
	next := s.send(s.product, http.MethodPut, "/products/"+early.SKU, early)
	s.Within(soon, func() bool { return next.over() || held.waiting() > waiting })
	// Those that did not wait for the first bring order's cursor on, where they may.
	s.Within(2*arrival, func() bool {
		placed := order{}
		if next.over() {
			placed = s.place(order{SKU: early.SKU, Quantity: 1})
		}
		return (!next.over() || s.differs(s.page(placed.Address), placed, early.Name, early.Price) == nil) &&
			(!over() || s.differs(s.page(moved.Address), moved, third.Name, third.Price) == nil)
	})
	held.release()
	<-first.done
	<-next.done
	mover.Wait(moving)
	s.succeeds(mover)
	s.arrives(2*arrival, late, passedOver("Two products were changed at the same time. The one whose change was committed last never gets its new price in order's copy."))
	s.arrives(2*arrival, early, passedOver("Two products were changed at the same time. One of them never gets its new price in order's copy."))
	s.comes(2*arrival, moved, third, passedOver("A product was moved while another one was changed, and it never gets into order's copy."))
}

// comes waits until the page of an order that was moved has the name of its product.
func (s *shop) comes(within time.Duration, o order, p product, otherwise check.Finding) {
	s.Helper()
	s.AwaitServices(within, func() *check.Finding {
		finding := s.differs(s.page(o.Address), o, p.Name, p.Price)
		if finding != nil {
			finding.Say, finding.At, finding.Next = otherwise.Say, otherwise.At, otherwise.Next
		}
		return finding
	}, services...)
}

// Order asks for what has changed since, and not for all each time.
func TestStep04_ItAsksForChangesOnly(t *testing.T) {
	s := open(t)
	p, o := s.sells(7000)
	changing, _ := s.sells(7100)
	link := s.link()
	second := s.second(link)
	page := func() []call {
		return link.during(func() {
			s.try(second.Service, http.MethodGet, pagePath(o.Address), nil)
			s.Within(50*time.Millisecond, second.over)
		})
	}
	asks := func(times int) (asked []call) {
		s.Within(3*arrival, func() bool { asked = append(asked, page()...); return len(asked) >= times })
		return asked
	}
	if first := asks(2); len(first) < 2 {
		s.NotYet(check.Finding{
			Say: "Order does not ask product for changes.", Got: fmt.Sprintf("%d requests within %s", len(first), 3*arrival), Want: "one every two seconds at least", At: "order/copy.go",
			Next: "Ask again and again, in the background: env.Go starts it.", Output: second.Output(),
		})
	}
	s.needless(link.seen(), p, "Order was started again, and asks product for products that its copy had by then.",
		"Keep the cursor in a table, beside the copy, and go on from there when order starts.")
	const since = "Show the page from the copy. In the background, remember the number of the last change that the copy has, and send it along."
	s.needless(asks(3), p, "Order asks product for products that have not changed since the last time.", since)
	s.needless(s.unanswered(link, second), p, "Product did not answer for a moment, and order asks for products again that its copy has.",
		"Where product does not answer, leave the copy and its cursor as they are.")
	refused := s.refuses("order", changing.SKU, "order") // so that it is the second that brings the change
	changing.Price = 7101
	s.set(changing)
	var calls []call
	s.Within(3*arrival, func() bool {
		calls = append(calls, page()...)
		return slices.ContainsFunc(calls, func(c call) bool { return bytes.Contains(c.answer, []byte(changing.SKU)) })
	})
	s.needless(append(calls, asks(2)...), p, "One product has changed, and order asks product for others, too.", since)
	refused.end()
}

// unanswered has product not answer the second order a few times, while nobody else
// brings the copy on. It returns what was answered afterwards.
func (s *shop) unanswered(link *link, second second) []call {
	s.Helper()
	paused := s.Fault("order")
	paused.Pause()
	begin := len(link.seen())
	var refused atomic.Int32
	link.hooks(func(w http.ResponseWriter, c *call) bool { refused.Add(1); return fails(w, c) }, nil)
	s.Within(3*arrival, func() bool { return refused.Load() > 2 || second.over() })
	link.hooks(nil, nil)
	s.Within(3*arrival, func() bool { return len(link.seen()) > begin+1 || second.over() })
	paused.Heal()
	return link.seen()[begin:]
}

// needless looks for a product in answers that need not have it.
func (s *shop) needless(calls []call, p product, say, next string) {
	s.Helper()
	for _, c := range calls {
		if bytes.Contains(c.answer, []byte(p.SKU)) {
			s.NotYet(check.Finding{
				Say: say, Got: fmt.Sprintf("%s answers with %s", c.request.URL, p.SKU), Want: "an answer with nothing but what has changed", At: "order/copy.go", Next: next,
			})
		}
	}
}

// The products that were there before are in the copy.
func TestStep04_WhatWasThereIsInTheCopy(t *testing.T) {
	s := open(t)
	conn := s.sharedTables()
	for _, row := range conn.Rows("SELECT address FROM orders GROUP BY address HAVING count(*) < 20 ORDER BY min(placed) LIMIT $1", looked) {
		address := row["address"].(string)
		s.AwaitServices(soon, func() *check.Finding {
			for _, o := range s.page(address) {
				if o.Name == "" && s.product.Get("/products/"+o.SKU).Status == http.StatusOK {
					return &check.Finding{
						Say: "Product has a product from before this step, and order's copy does not.", Got: fmt.Sprintf("no name for %s", o.SKU), Want: "each order with the name of its product",
						At: "product/schema.sql", Next: numberAll,
					}
				}
			}
			return nil
		}, services...)
	}
}

const numberAll = "ADD COLUMN numbers no row that is there: give the new column a DEFAULT that counts, or number the rows that have none with an UPDATE. What move inserts needs a number, too."

// A product that move brings is in the copy, also where order could not store it at first.
// Until it is, order does without it.
func TestStep04_WhatIsMovedIsInTheCopy(t *testing.T) {
	s := open(t)
	link := s.link()
	second := s.second(link)
	sku := fresh("sku")
	p := product{SKU: sku, Name: "Desk " + sku[4:], Price: 22900, Stock: 9}
	o := order{ID: fresh("order"), SKU: sku, Quantity: 2, Address: fresh("street"), Placed: time.Date(2026, 9, 9, 8, 30, 0, 0, time.UTC)}
	s.sold(p, o)
	refused := s.refuses("order", p.Name, "")
	s.moves()
	if !s.Within(3*arrival, func() bool { return refused.times() > 0 }) {
		s.NotYet(check.Finding{
			Say: "A product was moved, and order does not hear of it.", Got: fmt.Sprintf("nothing about %s within %s", sku, 3*arrival), Want: "its name and price in order's copy",
			At: "product/schema.sql", Next: numberAll,
		})
	}
	s.doesWithout(link, second, p, o)
	refused.end()
	s.comes(2*arrival, o, p, check.Finding{
		Say: "Order's database refused to store a change once, and the change never gets into the copy.", At: "order/copy.go",
		Next: "Store the products and the new cursor in one transaction, and return each error: then the cursor stays where it was.",
	})
}

// doesWithout looks at what order does with a product that its copy does not have.
func (s *shop) doesWithout(link *link, second second, p product, o order) {
	s.Helper()
	var answer *check.Answer
	asks := func(method, path string, body any) {
		s.Helper()
		for _, c := range link.during(func() { answer = s.try(second.Service, method, path, body) }) {
			if !c.takes() && strings.Contains(c.request.URL.String()+string(c.body), p.SKU) {
				s.NotYet(check.Finding{
					Say: fmt.Sprintf("Order's copy does not have a product, and order asks product for it to answer %s /orders.", method), Got: fmt.Sprintf("%s %s", c.request.Method, c.request.URL),
					Want: "no request for a product", At: "order/orders.go",
					Next: "Show the order without its name, and refuse a new one with 422. Only the refresh asks product, and only it writes the copy.",
				})
			}
		}
	}
	asks(http.MethodGet, pagePath(o.Address), nil)
	var page []order
	if answer != nil && answer.Status == http.StatusOK {
		answer.JSON(&page)
	}
	if !slices.ContainsFunc(page, func(got order) bool { return got.ID == o.ID }) {
		s.NotYet(check.Finding{
			Say: "Order's copy does not have a product, and the page of orders does not show its order.", Got: said(answer), Want: "200, and the order without a name", At: "order/orders.go",
			Next: "LEFT JOIN the copy: what it does not have has an empty name.", Output: second.Output(),
		})
	}
	asks(http.MethodPost, "/orders", order{SKU: p.SKU, Quantity: 1, Address: o.Address})
	if answer != nil && answer.Status/100 == 2 {
		s.NotYet(check.Finding{
			Say: "POST /orders takes an order of a product that the copy does not have.", Got: said(answer), Want: http.StatusUnprocessableEntity, At: "order/orders.go",
			Next: "Look for name and price in the copy before product takes the stock, and refuse the order where they are not there.",
		})
	}
	s.left(p.SKU, p.Stock, "POST /orders refused an order of a product that the copy does not have, and yet its quantity was taken from the stock.")
}
