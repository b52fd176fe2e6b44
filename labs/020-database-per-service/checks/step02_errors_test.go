//go:build lab

package checks

import (
	"net/http"
	"testing"

	"cnalab/labs/check"
)

// What fails is answered with an error.
func TestStep02_WhatFailsIsToldOf(t *testing.T) {
	s := open(t)
	p := s.offers(1900, 10)
	o := s.place(order{SKU: p.SKU, Quantity: 1})
	s.shown(o, p.Name, p.Price)
	s.failsInOrder(p, o)
	s.failsInProduct()
}

// fails answers in place of the service that is asked.
func fails(w http.ResponseWriter, _ *call) bool {
	http.Error(w, "the check has this fail", http.StatusInternalServerError)
	return false
}

// failsInOrder looks at what order answers where product fails, and where its own
// database does.
func (s *shop) failsInOrder(p product, o order) {
	s.Helper()
	link := s.link()
	second := s.second(link)
	page := func() *sent { return s.send(second.Service, http.MethodGet, pagePath(o.Address), nil) }
	another := order{SKU: p.SKU, Quantity: 1, Address: fresh("street")}
	const next = "Return each error but those that an order is refused for, and answer it with 500."

	link.hooks(fails, nil)
	s.tells(s.try(second.Service, http.MethodPost, "/orders", another), second,
		"Product answers with an error when it is asked for stock, and POST /orders answers as if the order were placed.", "order/orders.go", next)
	if answer := s.try(second.Service, http.MethodGet, pagePath(o.Address), nil); answer != nil && answer.Status/100 == 2 {
		var shown []order
		answer.JSON(&shown)
		if s.differs(shown, o, p.Name, p.Price) != nil {
			s.tells(answer, second, "Product answers with an error when it is asked for a product, and GET /orders shows a page without it.", "order/orders.go", next)
		}
	}

	link.hooks(func(w http.ResponseWriter, c *call) bool {
		if c.takes() { // as if it were taken
			w.WriteHeader(http.StatusNoContent)
		}
		return !c.takes()
	}, nil)
	refused := s.refuses("order", another.Address, "")
	answer := s.try(second.Service, http.MethodPost, "/orders", another)
	refused.end()
	s.tells(answer, second, "Order's database refused to store an order, and POST /orders answers as if it were placed.", "order/orders.go", next)

	link.hooks(nil, nil)
	for range 2 { // as its first statement, and when the statement is known
		s.tells(s.brokenOff("order", second.name, page), second,
			"Order's database broke off the statement for the page, and GET /orders answers as if there were no error.", "order/orders.go", next)
		<-page().done
	}
}

// failsInProduct looks at the bestsellers where order does not answer, and where
// product's own database fails.
func (s *shop) failsInProduct() {
	s.Helper()
	link := s.linkTo("order")
	second := s.another("product", "SERVICE_ORDER="+link.server.URL)
	best := func() *sent { return s.send(second.Service, http.MethodGet, "/bestsellers", nil) }
	const next = "Return each error, and answer it with 500."

	for range 2 { // as its first statement, and when the statement is known
		s.tells(s.brokenOff("product", second.name, best), second,
			"Product's database broke off the statement for the names, and GET /bestsellers answers as if there were no error.", "product/products.go", next)
		<-best().done
	}

	link.hooks(fails, nil)
	s.tells(s.try(second.Service, http.MethodGet, "/bestsellers", nil), second,
		"Order answers with an error when it is asked what was sold, and GET /bestsellers answers as if there were none.", "product/products.go", next)
}

// tells wants an answer that is an error.
func (s *shop) tells(answer *check.Answer, of second, say, at, next string) {
	s.Helper()
	if answer != nil && answer.Status/100 == 2 {
		s.NotYet(check.Finding{Say: say, Got: said(answer), Want: http.StatusInternalServerError, At: at, Next: next, Output: of.Output()})
	}
}

// newestFirst looks at the sequence of a page with two products, each of which was ordered
// twice.
func (s *shop) newestFirst() {
	s.Helper()
	products, address, want, got := []product{s.offers(300, 2), s.offers(400, 2)}, fresh("street"), "", ""
	for i := range 4 {
		want = s.place(order{SKU: products[i%2].SKU, Quantity: 1, Address: address}).ID + " " + want
	}
	for _, o := range s.page(address) {
		got += o.ID + " "
	}
	if got != want {
		s.NotYet(check.Finding{
			Say: "Four orders were placed one after the other, and the page of orders does not show the newest one first.", Got: got, Want: want, At: "order/orders.go",
			Next: "ORDER BY placed DESC, as before.",
		})
	}
}
