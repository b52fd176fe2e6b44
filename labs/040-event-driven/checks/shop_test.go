//go:build lab

// Package checks looks whether the shop does what the steps ask for: over
// HTTP and in the topics, never in the learner's own code. It holds tables of
// the services, and knows of them no more than what the workspace begins with.
package checks

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
)

// services are the parts that run the learner's code.
var services = []string{"order", "product", "delivery"}

// shop is the sandbox as these checks see it.
type shop struct {
	*check.C
	order, product, delivery *check.Service
	placed                   *topic // the topic orders since the first buy
}

func open(t *testing.T) *shop {
	t.Helper()
	c := check.New(t)
	return &shop{C: c, order: c.Service("order"), product: c.Service("product"), delivery: c.Service("delivery")}
}

// order is an order as HTTP speaks of it.
type order struct {
	ID       string `json:"id,omitempty"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
	Address  string `json:"address"`
	Status   string `json:"status,omitempty"`
}

// fresh makes a name that no check has used before: the sandbox may have
// been in use for days.
func fresh(kind string) string { return kind + "-" + strings.ToLower(rand.Text()[:10]) }

// place posts an order and returns it with its id.
func (s *shop) place(o order) order {
	s.Helper()
	if o.Address == "" {
		o.Address = fresh("street")
	}
	return s.accepted(s.order.Post("/orders", o), o)
}

// accepted is the order that was answered, with its id.
func (s *shop) accepted(answer *check.Answer, o order) order {
	s.Helper()
	answer.Want(http.StatusCreated, http.StatusAccepted).JSON(&o)
	if o.ID == "" {
		s.NotYet(check.Finding{
			Say: "POST /orders answers without an id.", Want: `{"id": "…"}`, At: "order/http.go",
			Next: "Answer with the id that the order is stored under.",
		})
	}
	return o
}

// try sends a request that may be refused, or come to nothing; then it returns
// nil. A trace is sent along where there is one.
func (s *shop) try(service *check.Service, method, path string, body any, trace string) *check.Answer {
	ctx, cancel := context.WithTimeout(s.Context, 10*time.Second)
	defer cancel()
	header := map[string]string{}
	if trace != "" {
		header["traceparent"] = "00-" + trace + "-00f067aa0ba902b7-01"
	}
	answer, err := service.Try(ctx, method, path, body, header)
	if err != nil {
		return nil
	}
	return answer
}

// traced is place in a trace, which it returns.
func (s *shop) traced(o order) (placed order, trace string) {
	s.Helper()
	o.Address, trace = cmp.Or(o.Address, fresh("street")), newTrace()
	answer := s.try(s.order, http.MethodPost, "/orders", o, trace)
	if answer == nil {
		answer = s.order.Post("/orders", o) // says what is wrong
	}
	return s.accepted(answer, o), trace
}

func newTrace() string { return fmt.Sprintf("%032x", rand.Text()[:16]) }

// sent is a request on its way.
type sent struct {
	done   chan struct{}
	answer *check.Answer // nil where none came
}

// send makes a request that may have to wait for what the check holds.
func (s *shop) send(service *check.Service, method, path string, body any) *sent {
	request := &sent{done: make(chan struct{})}
	go func() {
		defer close(request.done)
		request.answer = s.try(service, method, path, body, "")
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

// wait returns the answer, or nil.
func (r *sent) wait() *check.Answer {
	<-r.done
	return r.answer
}

// ok reports whether an answer says that it is done.
func ok(answer *check.Answer) bool { return answer != nil && answer.Status/100 == 2 }

// buy places an order and waits for its OrderPlaced, without which nobody can
// react. Where that does not come, step 1 is what is missing.
func (s *shop) buy(o order) order {
	s.Helper()
	if s.placed == nil {
		placed := s.follow(orders)
		s.placed = &placed
	}
	o = s.place(o)
	s.wait(*s.placed, "OrderPlaced", o.ID, "order/orders.go")
	return o
}

// find asks how an order stands.
func (s *shop) find(id string) order {
	s.Helper()
	var o order
	s.order.Get("/orders/" + id).Want(http.StatusOK).JSON(&o)
	return o
}

// list returns the orders to an address.
func (s *shop) list(address string) []order {
	s.Helper()
	var found []order
	s.order.Get("/orders?address=" + address).Want(http.StatusOK).JSON(&found)
	return found
}

// stock sets the stock of a fresh sku.
func (s *shop) stock(quantity int) (sku string) {
	s.Helper()
	sku = fresh("sku")
	s.set(sku, quantity)
	return sku
}

func (s *shop) set(sku string, quantity int) {
	s.Helper()
	s.product.Put("/stock/"+sku, map[string]int{"quantity": quantity}).Want(http.StatusOK, http.StatusNoContent)
}

// inStock asks for the stock of a sku.
func (s *shop) inStock(sku string) int {
	s.Helper()
	var found struct{ Quantity int }
	s.product.Get("/stock/" + sku).Want(http.StatusOK).JSON(&found)
	return found.Quantity
}
