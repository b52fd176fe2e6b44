//go:build lab

// Package checks looks whether the shop does what the steps ask for: over
// HTTP and in the topics, never in the learner's own code or tables.
package checks

import (
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
	s.order.Post("/orders", o).Want(http.StatusCreated, http.StatusAccepted).JSON(&o)
	if o.ID == "" {
		s.NotYet(check.Finding{Say: "POST /orders answers without an id.", Want: `{"id": "…"}`, At: "order/http.go"})
	}
	return o
}

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

// stock sets the stock of a fresh sku.
func (s *shop) stock(quantity int) (sku string) {
	s.Helper()
	sku = fresh("sku")
	s.product.Put("/stock/"+sku, map[string]int{"quantity": quantity}).Want(http.StatusOK, http.StatusNoContent)
	return sku
}

// inStock asks for the stock of a sku.
func (s *shop) inStock(sku string) int {
	s.Helper()
	var found struct{ Quantity int }
	s.product.Get("/stock/" + sku).Want(http.StatusOK).JSON(&found)
	return found.Quantity
}

// becomes waits until the order has the status.
func (s *shop) becomes(o order, status, at string) {
	s.Helper()
	s.eventually(chain, func() *check.Finding {
		if now := s.find(o.ID); now.Status != status {
			return &check.Finding{
				Say:  "An order does not become " + status + ".",
				Got:  fmt.Sprintf("%s, of %d", now.Status, o.Quantity),
				Want: status,
				At:   at,
				Next: "Follow the order's id, " + o.ID + ", through the logs of order, product and delivery.",
			}
		}
		return nil
	})
}

// How long what a step asks for may take to be seen. The chain of services
// may have to wait for a killed member of a group to be noticed.
const (
	soon  = 2 * time.Second // one service did it, after an answer
	chain = 6 * time.Second // services react to each other
)

// eventually waits until look finds nothing to say. Of names whose log is
// shown where it does not; all of them where none is named.
func (s *shop) eventually(within time.Duration, look func() *check.Finding, of ...string) {
	s.Helper()
	if len(of) == 0 {
		of = services
	}
	s.AwaitServices(within, look, of...)
}
