//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// arrival is how long a change of product may take to be in order's copy.
const arrival = 2 * time.Second

// sells offers a product and orders one of it: order knows it by then.
func (s *shop) sells(price int64) (product, order) {
	s.Helper()
	p := s.offers(price, 1000)
	o := s.place(order{SKU: p.SKU, Quantity: 1})
	s.shown(o, p.Name, p.Price)
	s.took(o)
	return p, o
}

// arrives orders a product until an order has its new name and price, and returns that
// order; otherwise it is what the finding says.
func (s *shop) arrives(within time.Duration, p product, otherwise check.Finding) order {
	s.Helper()
	var last order
	s.AwaitServices(within, func() *check.Finding {
		last = s.place(order{SKU: p.SKU, Quantity: 1})
		finding := s.differs(s.page(last.Address), last, p.Name, p.Price)
		if finding != nil {
			finding.Say, finding.At, finding.Next = otherwise.Say, otherwise.At, otherwise.Next
		}
		return finding
	}, services...)
	return last
}

// notRefreshed says it of a copy that is out of date.
func notRefreshed(say string) check.Finding {
	return check.Finding{Say: say, At: "order/copy.go",
		Next: "Ask product again and again, in the background, what has changed since the last time, and store it in the copy."}
}

// passedOver says it of a change that order's cursor has passed.
func passedOver(say string) check.Finding {
	return check.Finding{Say: say, At: "product/products.go",
		Next: "In product, let changes be committed in the order of their numbers: count the last number up in a row of a table, in the transaction of the change."}
}

// With product stopped the page of orders is whole, after a restart of order too.
func TestStep04_ThePageDoesWithoutProduct(t *testing.T) {
	s := open(t)
	p, o := s.sells(2600)
	stopped, restarted := s.Fault("product"), s.Fault("order")
	stopped.Stop()
	for i, when := range []string{"product is stopped", "product is stopped, and order was started again"} {
		if i > 0 {
			restarted.Restart()
		}
		answer := s.try(s.order, http.MethodGet, pagePath(o.Address), nil)
		if answer == nil || answer.Status != http.StatusOK {
			s.NotYet(check.Finding{
				Say: "GET /orders does not answer with the orders while " + when + ".", Got: said(answer), Want: http.StatusOK, At: "order/orders.go",
				Next: "Take name and price from order's own database.", Output: s.LogSince("order"),
			})
		}
		var page []order
		answer.JSON(&page)
		if finding := s.differs(page, o, p.Name, p.Price); finding != nil {
			finding.Say = "The page of orders does not have the name and the price of the product while " + when + "."
			finding.Next = "Take name and price from order's own database."
			s.NotYet(*finding)
		}
	}
}

// An order is placed at the copied price, whatever its customer says.
func TestStep04_ThePriceIsTheCopied(t *testing.T) {
	s := open(t)
	p, _ := s.sells(3100)
	link := s.link()
	second := s.second(link)
	link.hooks(func(_ http.ResponseWriter, c *call) bool {
		if c.request.Method == http.MethodGet {
			panic(http.ErrAbortHandler) // nobody answers questions; stock is given
		}
		return true
	}, nil)
	o := order{SKU: p.SKU, Quantity: 2, Address: fresh("street")}
	cheap := o
	cheap.Name, cheap.Price = "Free lamp", 1
	answer := s.try(second.Service, http.MethodPost, "/orders", cheap)
	if answer == nil || answer.Status != http.StatusCreated {
		s.NotYet(check.Finding{
			Say: "Product gives stock and answers no questions, and POST /orders does not take an order of a product that is in the copy.", Got: said(answer),
			Want: http.StatusCreated, At: "order/orders.go", Next: "Take the price from the copy; only the stock is asked of product.", Output: second.Output(),
		})
	}
	answer.JSON(&o)
	var page []order
	answer = s.try(second.Service, http.MethodGet, pagePath(o.Address), nil)
	if answer == nil || answer.Status != http.StatusOK {
		s.NotYet(check.Finding{
			Say: "Product answers no questions, and GET /orders does not show an order that was placed meanwhile.", Got: said(answer), Want: http.StatusOK,
			At: "order/orders.go", Next: "Take name and price from order's own database.", Output: second.Output(),
		})
	}
	answer.JSON(&page)
	if finding := s.differs(page, o, p.Name, p.Price); finding != nil {
		finding.Next = "The name and the price of an order are those of the copy, not of the request."
		s.NotYet(*finding)
	}
}

// A changed name and price is in new orders within two seconds; orders that were placed keep theirs.
func TestStep04_AChangeArrives(t *testing.T) {
	s := open(t)
	p, o := s.sells(4000)
	before := p
	for price := range int64(2) {
		p.Name, p.Price = fmt.Sprintf("Lamp no. %d", price), 5000+price
		s.set(p)
		s.arrives(arrival, p, notRefreshed("A product has another name and another price, and two seconds later an order is still placed with the old ones."))
	}
	if finding := s.differs(s.page(o.Address), o, before.Name, before.Price); finding != nil {
		finding.Say = "The name and the price of a product were changed, and an order that was placed before no longer shows those that were agreed on."
		finding.Next = "Store name and price with the order when it is placed, and show these."
		s.NotYet(*finding)
	}
}

// Where the copy cannot be read, no order is placed at another price.
func TestStep04_ACopyThatCannotBeReadIsNoPrice(t *testing.T) {
	s := open(t)
	p, _ := s.sells(3300)
	second := s.second(s.link())
	lock, watch := postgres.Open(s.C, "order"), postgres.Open(s.C, "order")
	waiting := func() int {
		return watch.Int("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = $1", second.name)
	}
	lock.Rows("BEGIN")
	lock.Rows("LOCK TABLE " + strings.Join(lock.Tables(), ", ") + " IN ACCESS EXCLUSIVE MODE")
	s.Within(arrival+soon, func() bool { return waiting() > 0 }) // the refresh
	refreshes := waiting()
	o := order{SKU: p.SKU, Quantity: 1, Address: fresh("street")}
	placed := s.send(second.Service, http.MethodPost, "/orders", o)
	s.Within(soon, func() bool { return waiting() > refreshes || placed.over() })
	watch.Rows(breakOff, second.name)
	lock.Rows("ROLLBACK")
	<-placed.done
	if placed.answer == nil || placed.answer.Status/100 != 2 {
		return
	}
	placed.answer.JSON(&o)
	if finding := s.differs(s.page(o.Address), o, p.Name, p.Price); finding != nil {
		finding.Say = "Order's database broke off the statement for the copy, and POST /orders takes the order without its name or price."
		finding.Next = "Return the error where the copy cannot be read."
		s.NotYet(*finding)
	}
}
