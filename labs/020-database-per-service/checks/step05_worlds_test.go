//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// point is a moment at which order is killed.
type point struct {
	name string
	kill func(w *world)
}

// world is what is left of one order when the process that took it was killed.
type world struct {
	s       *shop
	link    *link
	second  second
	product product
	order   order
	id      string // as product was told, or the customer
	request *sent

	arrived, answered chan struct{} // the request to take stock
}

var points = []point{
	{"the table of orders is locked, and order waits for it", func(w *world) { w.locked() }},
	{"order asks product for the stock, and product has not heard of it yet", func(w *world) { w.stops(true, false) }},
	{"product has given the stock, and order has not heard of it yet", func(w *world) { w.stops(false, true) }},
	{"the customer has the answer", func(w *world) { w.stops(false, false) }},
}

// Wherever order is killed, the audit names the order that is broken, and no other.
func TestStep05_EachWorldIsTold(t *testing.T) {
	s := open(t)
	p, _ := s.sells(1800)
	before, broken := s.audits(), map[string]string{}
	var worlds, ids []string
	for _, point := range points {
		w := s.world(p)
		point.kill(w)
		w.second.Kill()
		stored, took := w.look()
		switch {
		case stored && !took:
			broken[w.id] = noStock
		case took && !stored:
			broken[w.id] = noOrder
		}
		ids = append(ids, w.id)
		worlds = append(worlds, leaves(stored, took))
	}
	after := s.audits()
	for i, id := range ids {
		if id == "" || after[id] == broken[id] {
			continue
		}
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("Order was killed when %s. The audit does not say what that left.", points[i].name), Got: lineOf(after[id], id),
			Want: lineOf(broken[id], id), At: "audit/main.go",
			Next: "Compare each order with the row of taken that has its id, and each row of taken with the order that has its id.",
		})
	}
	s.beside(before, after, broken, "Order was killed at four moments. The audit does not name exactly what is broken.")
	s.Saw(check.Finding{
		Say: "Order was killed at four moments, and this is what each left.",
		Got: fmt.Sprintf("waiting for its table: %s; on the way to product: %s; on the way back: %s; after the answer: %s", worlds[0], worlds[1], worlds[2], worlds[3]),
	})
}

// lineOf is the line of an audit for an order, or that there is none.
func lineOf(what, id string) string {
	if what == "" {
		return "no line for " + id
	}
	return what + " " + id
}

// leaves says what there is of an order.
func leaves(stored, took bool) string {
	switch {
	case stored && took:
		return "order and stock"
	case stored:
		return "an order without stock"
	case took:
		return "stock without an order"
	}
	return "nothing"
}

// world starts an order process for one order of the product.
func (s *shop) world(p product) *world {
	s.Helper()
	w := &world{s: s, link: s.link(), product: s.find(p.SKU), arrived: make(chan struct{}), answered: make(chan struct{})}
	w.second = s.second(w.link)
	w.order = order{SKU: p.SKU, Quantity: 2, Address: fresh("street")}
	return w
}

// stops sends the order and waits until it is where it is to be killed: its request to
// take stock is held on the way there, or on the way back, or not at all.
func (w *world) stops(there, back bool) {
	w.s.Helper()
	w.link.hooks(func(_ http.ResponseWriter, c *call) bool {
		if !c.takes() {
			return true
		}
		w.hears(c)
		close(w.arrived)
		if there {
			<-c.request.Context().Done() // order is killed
		}
		return !there
	}, func(c *call) {
		if !c.takes() {
			return
		}
		close(w.answered)
		if back {
			<-c.request.Context().Done()
		}
	})
	w.request = w.s.send(w.second.Service, http.MethodPost, "/orders", w.order)
	reached := w.request.done
	switch {
	case there:
		reached = w.arrived
	case back:
		reached = w.answered
	}
	select {
	case <-reached:
	case <-time.After(2 * soon):
	}
	if !there && !back && w.request.over() && w.request.answer != nil && w.request.answer.Status/100 == 2 {
		w.request.answer.JSON(&w.order)
		w.id = w.order.ID
	}
}

// hears notes for which order stock is to be taken.
func (w *world) hears(c *call) {
	var asked struct{ Order string }
	_ = json.Unmarshal(c.body, &asked)
	w.id = asked.Order
}

// locked sends the order while nobody can write into order's tables, and breaks off what
// waits for that.
func (w *world) locked() {
	w.s.Helper()
	lock, watch := postgres.Open(w.s.C, "order"), postgres.Open(w.s.C, "order")
	lock.Rows("BEGIN")
	lock.Rows("LOCK TABLE " + strings.Join(lock.Tables(), ", ") + " IN SHARE MODE")
	w.link.hooks(func(_ http.ResponseWriter, c *call) bool {
		if c.takes() {
			w.hears(c)
		}
		return true
	}, nil)
	w.request = w.s.send(w.second.Service, http.MethodPost, "/orders", w.order)
	const waits = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = $1"
	w.s.Within(2*soon, func() bool {
		return w.request.over() || watch.Int("SELECT count(*) "+waits+" AND query ILIKE '%insert%'", w.second.name) > 0
	})
	w.second.Kill()
	watch.Rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", w.second.name)
	w.s.Within(soon, func() bool { return watch.Int("SELECT count(*) "+waits, w.second.name) == 0 })
	lock.Rows("ROLLBACK")
}

// look is what there is of the order now.
func (w *world) look() (stored, took bool) {
	w.s.Helper()
	page := w.s.page(w.order.Address)
	stored = len(page) > 0
	if stored {
		w.id = page[0].ID
	}
	return stored, w.s.find(w.product.SKU).Stock < w.product.Stock
}
