//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
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

// september are the orders that the shop began with.
var september = regexp.MustCompile(`^sept-\d+$`)

// Orders that are as they should be are not named.
func TestStep05_SoundOrdersAreNotNamed(t *testing.T) {
	s := open(t)
	p, _ := s.sells(1500)
	before := s.audits()
	for id := range before {
		if september.MatchString(id) {
			s.NotYet(check.Finding{
				Say: "go run ./audit names an order of September, which took its stock.", Got: before[id] + " " + id, Want: "no line for it", At: "audit/main.go",
				Next: "Ask order for all orders: GET /orders without an address.",
			})
		}
	}
	address := fresh("street")
	for quantity := range 3 {
		s.took(s.place(order{SKU: p.SKU, Quantity: quantity + 1, Address: address}))
	}
	s.try(s.order, http.MethodPost, "/orders", order{SKU: p.SKU, Quantity: 100000, Address: address}) // which is refused
	s.names(before, nil, "Three orders were placed and one was refused. Nothing is broken by that, and go run ./audit names something.")
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
	instead := s.offers(1700, 10)
	elsewhere := s.through(another, func(_ http.ResponseWriter, c *call) bool {
		c.request.URL.Path, c.request.URL.RawPath = "/stock/"+instead.SKU+"/take", ""
		return true
	})
	old := s.oldest()
	s.names(before, map[string]string{lost: noOrder, unfilled.ID: noStock, less.ID: differs, elsewhere.ID: differs, old: noStock},
		"Five orders were broken: one is not there and has stock, two have taken none, one of them the oldest of many, one has taken less than its quantity, and one has taken another product. The audit does not name exactly these five.")
}

// oldest has an old order without stock moved, and many sound ones that are newer. It
// returns the id of the old one.
func (s *shop) oldest() (id string) {
	s.Helper()
	id = fresh("order")
	newer, conn := product{SKU: fresh("sku"), Name: "Candle", Price: 300, Stock: 5}, s.sharedTables()
	s.sold(newer)
	conn.Rows("INSERT INTO orders (id, sku, quantity, address, placed) VALUES ($1, $2, 1, $1, timestamptz '2026-01-02')", id, newer.SKU)
	conn.Rows("INSERT INTO orders SELECT $1 || n, $2, 1, $1, timestamptz '2026-09-01' + n * interval '1 minute' FROM generate_series(1, $3::int) AS n", fresh("street"), newer.SKU, rows)
	conn.Rows("INSERT INTO taken SELECT id, sku, quantity FROM orders WHERE sku = $1 AND id <> $2", newer.SKU, id)
	s.moves()
	return id
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
			Next: readLogs, Output: second.Output(),
		})
	}
	answer.JSON(&o)
	second.Kill()
	return o
}

// ways in which a service does not answer, with what serves so; the first has nobody there.
var ways = []struct {
	name  string
	serve http.HandlerFunc
}{
	{"refuses connections", nil},
	{"answers 500", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte("[]"))
	}},
	{"closes the connection in the middle of its answer", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`[{"id": "a`))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}},
	{"accepts the request and answers nothing", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
}

// auditing is how long an audit may wait for a service that does not answer.
const auditing = 15 * time.Second

// An audit that cannot ask both services says so, and names no order.
func TestStep05_AnAuditThatCannotTellSaysSo(t *testing.T) {
	s := open(t)
	audit := proc.Build(s.C, "audit")
	running := map[string]*proc.Running{}
	for _, service := range services {
		for _, way := range ways {
			base := "http://127.0.0.1:1"
			if way.serve != nil {
				server := httptest.NewServer(way.serve)
				s.Cleanup(server.Close)
				base = server.URL
			}
			running[service+way.name] = audit.Start(proc.Call{Env: everything(labs.EnvService(service) + "=" + base)})
		}
	}
	for _, service := range services {
		for _, way := range ways {
			run := running[service+way.name]
			exit, ended := run.Ended(auditing)
			got := fmt.Sprintf("%s, %d lines on stdout", exit.Say, len(run.Lines()))
			if !ended {
				got = fmt.Sprintf("no end within %s", auditing)
			}
			if !ended || exit.Code != 2 || len(run.Lines()) > 0 {
				s.NotYet(check.Finding{
					Say: fmt.Sprintf("%s %s, and go run ./audit does not say that it cannot tell.", service, way.name), Got: got,
					Want: "exit status 2, and no line on stdout", At: "audit/main.go", Output: run.Output(),
					Next: "Ask both services first, not their databases, and give each request a deadline. Where an error comes, print it to stderr and end with 2.",
				})
			}
			if _, stderr := run.Printed(); strings.TrimSpace(stderr) == "" {
				s.NotYet(check.Finding{
					Say: fmt.Sprintf("%s %s, and go run ./audit does not say why it cannot tell.", service, way.name), Got: "nothing on stderr",
					Want: "the error on stderr", At: "audit/main.go", Next: "Print the error to stderr before you end with 2.",
				})
			}
		}
	}
}
