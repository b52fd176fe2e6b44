//go:build lab

package checks

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
	"cnalab/labs/check/proc"
)

// What an audit says of a broken order.
const (
	noStock = "no-stock"
	noOrder = "no-order"
	differs = "differs"
)

// audits runs the learner's audit, and returns what it says of each order.
func (s *shop) audits() map[string]string {
	s.Helper()
	run := proc.Build(s.C, "audit").Run(moving, proc.Call{Env: everything()})
	exit, _ := run.Exit()
	named := map[string]string{}
	for _, line := range run.Lines() {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if len(words) != 2 || !slices.Contains([]string{noStock, noOrder, differs}, words[0]) || named[words[1]] != "" {
			s.NotYet(check.Finding{
				Say: "A line of go run ./audit is not of the form that the step asks for, or names an order again.", Got: line, Want: "no-stock ID, no-order ID or differs ID",
				At: "audit/main.go", Next: "Print one line for each broken order and nothing else; what is only for you goes to stderr.",
			})
		}
		named[words[1]] = words[0]
	}
	want := 0
	if len(named) > 0 {
		want = 1
	}
	if exit.Code != want {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("go run ./audit names %d orders and ends with another status than the step asks for.", len(named)), Got: exit.Say, Want: fmt.Sprintf("exit status %d", want),
			At: "audit/main.go", Next: "End with 0 if no order is broken, with 1 if one is, and with 2 if the audit cannot tell.", Output: run.Output(),
		})
	}
	return named
}

// everything tells a program where all is.
func everything(others ...string) []string {
	env := databases()
	for _, service := range services {
		variable := labs.EnvService(service)
		env = append(env, variable+"="+os.Getenv(variable))
	}
	return append(env, others...)
}

// names runs the audit and wants it to name these orders beside those that it named
// before, and no others.
func (s *shop) names(before map[string]string, broken map[string]string, say string) {
	s.Helper()
	s.beside(before, s.audits(), broken, say)
}

// beside compares what two audits say.
func (s *shop) beside(before, after, broken map[string]string, say string) {
	s.Helper()
	for id := range before {
		if after[id] == before[id] {
			delete(after, id)
		}
	}
	if maps.Equal(after, broken) {
		return
	}
	s.NotYet(check.Finding{
		Say: say, Got: lines(after), Want: lines(broken), At: "audit/main.go",
		Next: "Compare each order with the row of taken that has its id, and each row of taken with the order that has its id.",
	})
}

// lines are an audit's, in an order that does not change.
func lines(named map[string]string) string {
	var all []string
	for id, what := range named {
		all = append(all, what+" "+id)
	}
	if len(all) == 0 {
		return "no further line"
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// Orders that are as they should be are not named.
func TestStep05_SoundOrdersAreNotNamed(t *testing.T) {
	s := open(t)
	p, _ := s.sells(1500)
	before := s.audits()
	for id := range before {
		if strings.HasPrefix(id, "sept-") {
			s.NotYet(check.Finding{
				Say: "go run ./audit names an order of September, which took its stock.", Got: before[id] + " " + id, Want: "no line for it", At: "audit/main.go",
				Next: "Ask order for all orders: GET /orders without an address.",
			})
		}
	}
	address := fresh("street")
	for quantity := range 3 {
		s.place(order{SKU: p.SKU, Quantity: quantity + 1, Address: address})
	}
	s.try(s.order, http.MethodPost, "/orders", order{SKU: p.SKU, Quantity: 100000, Address: address}) // which is refused
	s.names(before, nil, "Three orders were placed and one was refused. Nothing is broken by that, and go run ./audit names something.")
}

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
		worlds = append(worlds, fmt.Sprintf("%-72s order stored: %-3s  stock taken: %s", point.name, yes(stored), yes(took)))
	}
	after := s.audits()
	for i, id := range ids {
		if id == "" || after[id] == broken[id] {
			continue
		}
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("Order was killed when %s. The audit does not say what that left.", points[i].name), Got: cmp.Or(after[id], "no line") + " " + id,
			Want: cmp.Or(broken[id], "no line") + " " + id, At: "audit/main.go", Output: strings.Join(worlds, "\n"),
			Next: "Compare each order with the row of taken that has its id, and each row of taken with the order that has its id.",
		})
	}
	s.beside(before, after, broken, "Order was killed at four moments. The audit does not name exactly what is broken.")
	s.Saw(check.Finding{Say: "Order was killed at four moments, and this is what each left.", Output: strings.Join(worlds, "\n")})
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
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

// Both directions are found, also where their sums are equal.
func TestStep05_BothDirectionsAreFound(t *testing.T) {
	s := open(t)
	p, _ := s.sells(1600)
	before := s.audits()
	// stock without an order: an order that was lost
	lost := fresh("order")
	s.product.Post("/stock/"+p.SKU+"/take", map[string]any{"order": lost, "quantity": 2}).Want(http.StatusNoContent, http.StatusOK)
	// an order without stock: product says that it gave it, and loses it
	unfilled := s.through(p, func(w http.ResponseWriter, c *call) bool {
		w.WriteHeader(http.StatusNoContent)
		return false
	})
	another, _ := s.sells(1700) // so that the sums of the first product are equal
	less := s.through(another, func(_ http.ResponseWriter, c *call) bool {
		asked := map[string]any{}
		if json.Unmarshal(c.body, &asked) == nil {
			asked["quantity"] = 1
			c.body, _ = json.Marshal(asked)
		}
		return true
	})
	s.names(before, map[string]string{lost: noOrder, unfilled.ID: noStock, less.ID: differs},
		"Stock was taken for an order that is not there; an order of the same quantity is there, whose stock was not taken; and for a third one less was taken than it has. The audit does not name exactly these three.")
}

// through places an order of two, and changes what becomes of the request to take stock.
func (s *shop) through(p product, takes func(http.ResponseWriter, *call) bool) order {
	s.Helper()
	link := s.link()
	second := s.second(link)
	link.hooks(func(w http.ResponseWriter, c *call) bool { return !c.takes() || takes(w, c) }, nil)
	o := order{SKU: p.SKU, Quantity: 2, Address: fresh("street")}
	answer := s.try(second.Service, http.MethodPost, "/orders", o)
	if answer == nil || answer.Status/100 != 2 {
		s.NotYet(check.Finding{
			Say: "POST /orders does not take an order of a product that is in stock.", Got: said(answer), Want: http.StatusCreated, At: "order/orders.go",
			Next: "Read the logs of order and product: which of them refuses it, and why?", Output: second.Output(),
		})
	}
	answer.JSON(&o)
	second.Kill()
	return o
}

// An audit that cannot ask both services says so, and names no order.
func TestStep05_AnAuditThatCannotTellSaysSo(t *testing.T) {
	s := open(t)
	for _, service := range services {
		run := proc.Build(s.C, "audit").Run(moving, proc.Call{Env: everything(
			labs.EnvService(service)+"=http://127.0.0.1:1", labs.EnvDatabase(service)+"=postgres://nobody@127.0.0.1:1/"+service)})
		if exit, _ := run.Exit(); exit.Code != 2 || len(run.Lines()) > 0 {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("go run ./audit could not ask %s, and does not say that it cannot tell.", service), Got: fmt.Sprintf("%s, %d lines on stdout", exit.Say, len(run.Lines())),
				Want: "exit status 2, and no line on stdout", At: "audit/main.go", Next: "Ask both first. Where an error comes, print it to stderr and end with 2.", Output: run.Output(),
			})
		}
	}
}
