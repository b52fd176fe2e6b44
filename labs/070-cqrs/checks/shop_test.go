//go:build lab

// Package checks looks whether the shop does what the steps ask for: over HTTP, in the
// log of events, by what Postgres knows of who asks it, and with one part of it held or
// stopped. Of the learner's own tables it knows nothing.
package checks

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
)

// services are the parts that run the learner's code.
var services = []string{"order", "history"}

// soon is how long the view may take to show what was done: a part may have come back a
// moment ago.
const soon = 6 * time.Second

// shop is the sandbox as these checks see it.
type shop struct {
	*check.C
	order, history *check.Service
}

func open(t *testing.T) *shop {
	t.Helper()
	c := check.New(t)
	return &shop{C: c, order: c.Service("order"), history: c.Service("history")}
}

// fresh makes a name that no check has used before: the sandbox may have been in use
// for days.
func fresh(kind string) string { return kind + "-" + strings.ToLower(rand.Text()[:10]) }

// product is one that the shop sells from the beginning.
type product struct {
	sku, name string
	price     int64
}

var lamp, chair, cup = product{"lamp", "Brass lamp", 3900}, product{"chair", "Oak chair", 12900}, product{"cup", "Blue cup", 850}

// receipt is what a command answers with.
type receipt struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
}

// line is an order as a page shows it.
type line struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Quantity int       `json:"quantity"`
	Total    int64     `json:"total"`
	Status   string    `json:"status"`
	Placed   time.Time `json:"placed"`
}

func (l line) String() string {
	return fmt.Sprintf("%d × %s, %d, %s", l.Quantity, l.Name, l.Total, l.Status)
}

// page is the history of one customer.
type page struct {
	Customer string `json:"customer"`
	Version  int64  `json:"version"`
	Stale    bool   `json:"stale"`
	Orders   int    `json:"orders"`
	Spent    int64  `json:"spent"`
	List     []line `json:"list"`
}

// customer is who orders in a check, with what the check knows of it. Its page has to
// show that.
type customer struct {
	s     *shop
	name  string
	lines []line // oldest first
	last  receipt
}

func (s *shop) customer() *customer { return &customer{s: s, name: fresh("customer")} }

// places orders something.
func (c *customer) places(p product, quantity int) line {
	c.s.Helper()
	body := map[string]any{"customer": c.name, "sku": p.sku, "quantity": quantity}
	c.s.order.Post("/orders", body).Want(http.StatusCreated).JSON(&c.last)
	if c.last.ID == "" {
		c.s.NotYet(check.Finding{
			Say: "POST /orders answers without an id.", Want: `{"id": "…"}`, At: "order/http.go", Next: "Answer with the id that the order is stored under.",
		})
	}
	l := line{ID: c.last.ID, Name: p.name, Quantity: quantity, Total: int64(quantity) * p.price, Status: "Placed"}
	c.lines = append(c.lines, l)
	return l
}

func (c *customer) packs(id string)   { c.s.Helper(); c.changes(id, "pack", "Packing") }
func (c *customer) cancels(id string) { c.s.Helper(); c.changes(id, "cancel", "Cancelled") }

func (c *customer) changes(id, command, status string) {
	c.s.Helper()
	c.last = receipt{}
	answer := c.s.order.Post("/orders/"+id+"/"+command, nil)
	if answer.Status == http.StatusNotFound || answer.Status == http.StatusMethodNotAllowed {
		c.s.NotYet(check.Finding{
			Say: fmt.Sprintf("order does not take the command POST /orders/{id}/%s for an order that was placed.", command), Got: said(answer), Want: http.StatusOK, At: "order/http.go", Next: "Add its route, as that of cancel.",
		})
	}
	answer.Want(http.StatusOK).JSON(&c.last)
	c.becomes(id, status)
}

func (c *customer) becomes(id, status string) {
	for i := range c.lines {
		if c.lines[i].ID == id {
			c.lines[i].Status = status
		}
	}
}

func pagePath(customer string) string { return "/history?customer=" + url.QueryEscape(customer) }

func (c *customer) path() string { return pagePath(c.name) }

// page asks for the customer's page as it is.
func (c *customer) page() (p page) {
	c.s.Helper()
	c.s.history.Get(c.path()).Want(http.StatusOK).JSON(&p)
	return p
}

// newest is how many orders a page lists.
const newest = 20

// differs compares a page with what the customer has done.
func (c *customer) differs(got page) *check.Finding {
	want, spent := slices.Clone(c.lines), int64(0)
	slices.Reverse(want)
	for _, l := range want {
		if l.Status != "Cancelled" {
			spent += l.Total
		}
	}
	head := func(customer string, orders int, spent int64) string {
		return fmt.Sprintf("customer %s, %d orders, %d spent", customer, orders, spent)
	}
	finding := &check.Finding{
		Say: "A customer's page does not show what the customer has ordered.", At: "history/project.go",
		Got: head(got.Customer, got.Orders, got.Spent), Want: head(c.name, len(want), spent),
		Next: "Follow this customer through the log of history, and compare with GET /joined?customer=….",
	}
	if finding.Got != finding.Want {
		return finding
	}
	if len(got.List) != min(len(want), newest) {
		finding.Got, finding.Want = fmt.Sprintf("%d orders in the list", len(got.List)), fmt.Sprintf("the newest %d", min(len(want), newest))
		return finding
	}
	for i, l := range got.List {
		if l.Placed.IsZero() || l.ID != want[i].ID || l.String() != want[i].String() {
			finding.Got, finding.Want = fmt.Sprintf("order %s: %s, placed %s", l.ID, l, l.Placed), fmt.Sprintf("order %s: %s, with the time when it was placed", want[i].ID, want[i])
			return finding
		}
	}
	return nil
}

// shows waits until the page shows what the customer has done; otherwise it is what say
// and next say of it.
func (c *customer) shows(say, next string) {
	c.s.Helper()
	c.s.AwaitServices(soon, func() *check.Finding {
		finding := c.differs(c.page())
		if finding != nil && say != "" {
			finding.Say, finding.Next = say, next
		}
		return finding
	}, services...)
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

// connections is how many a service's pool has at most.
const connections = 8

// settles waits until both services answer again after a database was stopped: each of
// their connections has to find out by itself.
func (s *shop) settles() {
	s.Helper()
	s.AwaitServices(2*soon, func() *check.Finding {
		var all []*sent
		for range connections {
			body := map[string]any{"customer": fresh("customer"), "sku": cup.sku, "quantity": 1}
			all = append(all, s.send(s.order, http.MethodPost, "/orders", body), s.send(s.history, http.MethodGet, pagePath("nobody"), nil))
		}
		for _, one := range all {
			if <-one.done; !ok(one.answer) {
				return &check.Finding{
					Say: "A database was stopped and is back, and a service does not answer again.", Got: said(one.answer), Want: "answers as before", Next: "Read the logs of order and history.",
				}
			}
		}
		return nil
	}, services...)
}

func said(a *check.Answer) string {
	if a == nil {
		return "no answer"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %.200s", a.Status, a.Body))
}

func ok(a *check.Answer) bool { return a != nil && a.Status/100 == 2 }

// sent is a request on its way.
type sent struct {
	done   chan struct{}
	answer *check.Answer // nil where none came
	ended  time.Time
}

// send makes a request that may have to wait.
func (s *shop) send(service *check.Service, method, path string, body any) *sent {
	request := &sent{done: make(chan struct{})}
	go func() {
		defer close(request.done)
		request.answer = s.try(service, method, path, body)
		request.ended = time.Now()
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
