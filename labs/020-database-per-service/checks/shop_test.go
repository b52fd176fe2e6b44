//go:build lab

// Package checks looks whether the shop does what the steps ask for: over HTTP, in the
// statements that Postgres has logged, and in what moves between the services. Of the
// learner's own tables it knows no more than the shared database's.
package checks

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
)

// services are the parts that run the learner's code.
var services = []string{"order", "product"}

// soon is how long what a step asks for may take to be seen: a copy may have to hear
// of a product first.
const soon = 4 * time.Second

// readLogs is where to look when an order is not taken.
const readLogs = "Read the logs of order and product: which of them refuses it, and why? Where order keeps a copy of the products, compare its cursor with product's last number: it may be ahead."

// shop is the sandbox as these checks see it.
type shop struct {
	*check.C
	order, product *check.Service
}

func open(t *testing.T) *shop {
	t.Helper()
	c := check.New(t)
	return &shop{C: c, order: c.Service("order"), product: c.Service("product")}
}

// order is an order as HTTP speaks of it.
type order struct {
	ID       string    `json:"id,omitempty"`
	SKU      string    `json:"sku"`
	Quantity int       `json:"quantity"`
	Address  string    `json:"address"`
	Placed   time.Time `json:"placed,omitzero"`
	Name     string    `json:"name,omitempty"`
	Price    int64     `json:"price,omitempty"`
}

// product is a product as HTTP speaks of it.
type product struct {
	SKU   string `json:"sku"`
	Name  string `json:"name"`
	Price int64  `json:"price"`
	Stock int    `json:"stock"`
}

// fresh makes a name that no check has used before: the sandbox may have been in use
// for days.
func fresh(kind string) string { return kind + "-" + strings.ToLower(rand.Text()[:10]) }

// offers gives the shop a fresh product.
func (s *shop) offers(price int64, stock int) product {
	s.Helper()
	sku := fresh("sku")
	return s.set(product{SKU: sku, Name: "Lamp " + sku[4:], Price: price, Stock: stock})
}

func (s *shop) set(p product) product {
	s.Helper()
	s.product.Put("/products/"+p.SKU, p).Want(http.StatusOK, http.StatusCreated, http.StatusNoContent)
	return p
}

// find asks product for one product.
func (s *shop) find(sku string) product {
	s.Helper()
	var p product
	s.product.Get("/products/" + url.PathEscape(sku)).Want(http.StatusOK).JSON(&p)
	return p
}

// place posts an order that the shop can take, and waits until it does.
func (s *shop) place(o order) order {
	s.Helper()
	if o.Address == "" {
		o.Address = fresh("street")
	}
	s.AwaitServices(soon, func() *check.Finding {
		answer := s.order.Post("/orders", o)
		if answer.Status == http.StatusCreated || answer.Status == http.StatusOK {
			answer.JSON(&o)
			return nil
		}
		return &check.Finding{
			Say: "POST /orders does not take an order of a product that is in stock.", Got: said(answer), Want: http.StatusCreated, At: "order/orders.go",
			Next: readLogs,
		}
	}, services...)
	if o.ID == "" {
		s.NotYet(check.Finding{
			Say: "POST /orders answers without an id.", Want: `{"id": "…"}`, At: "order/http.go",
			Next: "Answer with the id that the order is stored under.",
		})
	}
	return o
}

func said(a *check.Answer) string {
	if a == nil {
		return "no answer"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %.200s", a.Status, a.Body))
}

func pagePath(address string) string { return "/orders?address=" + url.QueryEscape(address) }

// page asks order for the orders to an address.
func (s *shop) page(address string) []order {
	s.Helper()
	var page []order
	s.order.Get(pagePath(address)).Want(http.StatusOK).JSON(&page)
	return page
}

// shown waits until the page of an order's address shows it with this name and price.
func (s *shop) shown(o order, name string, price int64) {
	s.Helper()
	s.AwaitServices(soon, func() *check.Finding { return s.differs(s.page(o.Address), o, name, price) }, services...)
}

// differs compares what a page shows of an order with what was ordered.
func (s *shop) differs(page []order, o order, name string, price int64) *check.Finding {
	for _, got := range page {
		if got.ID != o.ID {
			continue
		}
		if got.SKU == o.SKU && got.Quantity == o.Quantity && got.Address == o.Address && got.Name == name && got.Price == price {
			return nil
		}
		return &check.Finding{
			Say: "The page of orders does not show an order as it was placed.", Got: shows(got.SKU, got.Quantity, got.Name, got.Price),
			Want: shows(o.SKU, o.Quantity, name, price), At: "order/orders.go", Next: "Compare the order with what GET /orders?address=… answers.",
		}
	}
	return &check.Finding{
		Say: "The page of orders lacks an order that was placed.", Got: fmt.Sprintf("%d orders", len(page)), Want: "order " + o.ID + " among them",
		At: "order/orders.go", Next: "Compare the order with what GET /orders?address=… answers.",
	}
}

func shows(sku string, quantity int, name string, price int64) string {
	return fmt.Sprintf("%d of %s, %q, price %d", quantity, sku, name, price)
}

// useAll asks each endpoint of both services once, so that each statement that they
// have is in the log.
func (s *shop) useAll() {
	s.Helper()
	p := s.offers(1200, 20)
	s.find(p.SKU)
	o := s.place(order{SKU: p.SKU, Quantity: 2})
	s.order.Post("/orders", order{SKU: p.SKU, Quantity: 50, Address: o.Address})
	s.page(o.Address)
	s.order.Get("/sales").Want(http.StatusOK)
	s.product.Get("/bestsellers").Want(http.StatusOK)
	s.product.Post("/stock/"+p.SKU+"/take", map[string]any{"order": o.ID, "quantity": o.Quantity})
	s.product.Get("/taken").Want(http.StatusOK)
}

// try sends a request that may come to nothing; then it returns nil.
func (s *shop) try(service *check.Service, method, path string, body any) *check.Answer {
	ctx, cancel := context.WithTimeout(s.Context, 10*time.Second)
	defer cancel()
	answer, err := service.Try(ctx, method, path, body, nil)
	if err != nil {
		return nil
	}
	return answer
}

// sent is a request on its way.
type sent struct {
	done   chan struct{}
	answer *check.Answer // nil where none came
	took   time.Duration
}

// send makes a request that may have to wait for what the check holds.
func (s *shop) send(service *check.Service, method, path string, body any) *sent {
	request := &sent{done: make(chan struct{})}
	go func() {
		defer close(request.done)
		begin := time.Now()
		defer func() { request.took = time.Since(begin) }()
		request.answer = s.try(service, method, path, body)
	}()
	return request
}

func (r *sent) over() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}
