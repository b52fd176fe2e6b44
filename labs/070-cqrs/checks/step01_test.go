//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/postgres"
)

// A command answers with an id, and with nothing that a query is there for.
func TestStep01_CommandsAnswerWithAnId(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.customer()
	first, second := c.places(lamp, 2), c.places(chair, 1)
	body := map[string]any{"customer": c.name, "sku": cup.sku, "quantity": 3}
	for _, command := range []struct {
		path string
		body any
		want int
		id   string
	}{
		{"/orders", body, http.StatusCreated, ""},
		{"/orders/" + first.ID + "/pack", nil, http.StatusOK, first.ID},
		{"/orders/" + second.ID + "/cancel", nil, http.StatusOK, second.ID},
	} {
		answer := s.order.Post(command.path, command.body).Want(command.want)
		var got map[string]json.RawMessage
		answer.JSON(&got)
		var id string
		_ = json.Unmarshal(got["id"], &id)
		if id == "" || command.id != "" && id != command.id {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("POST %s does not answer with the order's id.", strings.Replace(command.path, command.id, "{id}", 1)), Got: said(answer), Want: `{"id": "…"}`, At: "order/http.go",
				Next: "Answer with the id of the order that the command is about.",
			})
		}
		for name := range got {
			if name != "id" && name != "version" { // which step 5 asks for
				s.NotYet(check.Finding{
					Say: "A command answers with more than an id.", Got: said(answer), Want: `{"id": "…"}`, At: "order/http.go",
					Next: "Answer with the id alone: to see the order, a client asks history.",
				})
			}
		}
	}
}

// pack makes a placed order Packing, as cancel makes it Cancelled: once, and tells of it.
func TestStep01_PackIsACommand(t *testing.T) {
	t.Parallel()
	s := open(t)
	log := s.log()
	for _, command := range []struct {
		name, status, event string
		does                func(*customer, string)
	}{{"pack", "Packing", "OrderPacked", (*customer).packs}, {"cancel", "Cancelled", "OrderCancelled", (*customer).cancels}} {
		c := s.customer()
		o := c.places(lamp, 1)
		command.does(c, o.ID)
		if got := s.joined(c); got != command.status {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("The command %s was carried out, and the order has another status.", command.name), Got: got, Want: command.status, At: "order/http.go",
				Next: "Let pack move the order to Packing, and cancel to Cancelled.",
			})
		}
		for _, refused := range []struct {
			path string
			want int
		}{{"/orders/" + o.ID + "/pack", http.StatusConflict}, {"/orders/" + o.ID + "/cancel", http.StatusConflict}, {"/orders/" + fresh("order") + "/" + command.name, http.StatusNotFound}} {
			s.order.Post(refused.path, nil).Want(refused.want)
		}
		messages := log.brings(c, 2)
		if !slices.ContainsFunc(messages, func(m kafka.Message) bool {
			var e struct {
				Type string
				Data facts
			}
			return json.Unmarshal([]byte(m.Value), &e) == nil && e.Type == command.event && e.Data.Order == o.ID && e.Data.Customer == c.name && e.Data.Version == 2
		}) {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("The command %s was carried out, and no event tells of it.", command.name), Got: lastValue(messages),
				Want: fmt.Sprintf("%s with the customer %s, version 2 and order %s", command.event, c.name, o.ID), At: "order/http.go", Next: "Let pack tell OrderPacked, and cancel OrderCancelled.",
			})
		}
	}
}

// Of commands that come at the same moment one moves the order, and the others are refused.
func TestStep01_AnOrderMovesOnce(t *testing.T) {
	s := open(t)
	c := s.customer()
	for range 2 {
		o := c.places(lamp, 1)
		held := &hold{s: s, lock: postgres.Open(s.C, "order"), watch: postgres.Open(s.C, "order")}
		held.lock.Rows("BEGIN")
		held.lock.Rows("SELECT * FROM orders WHERE id = $1 FOR UPDATE", o.ID)
		var commands []*sent
		for _, command := range []string{"pack", "cancel", "pack"} {
			commands = append(commands, s.send(s.order, http.MethodPost, "/orders/"+o.ID+"/"+command, nil))
		}
		s.Within(time.Second, func() bool {
			return held.watch.Int("SELECT count(*) FROM pg_stat_activity WHERE "+waits) >= len(commands)
		})
		held.release()
		var moved int
		var answers []string
		for _, command := range commands {
			<-command.done
			if ok(command.answer) {
				moved++
			}
			answers = append(answers, said(command.answer))
		}
		if moved != 1 {
			s.NotYet(check.Finding{
				Say: "Three commands for one order came at the same moment: pack, cancel and pack.", Got: strings.Join(answers, ", "), Want: "one answer of 200, and two of 409", At: "order/orders.go",
				Next: "Read the order's status with FOR UPDATE in the transaction that changes it, as move did.",
			})
		}
	}
}

// joined is the status of the customer's one order, in the tables of the orders.
func (s *shop) joined(c *customer) string {
	s.Helper()
	var p page
	s.history.Get("/joined?customer=" + c.name).Want(http.StatusOK).JSON(&p)
	if len(p.List) != 1 {
		s.NotYet(check.Finding{
			Say: "GET /joined does not show an order that was placed.", Got: fmt.Sprintf("%d orders", len(p.List)), Want: "1 order", At: "history/orders.go", Next: "Leave joined as it is: step 6 compares with it.",
		})
	}
	return p.List[0].Status
}

// Queries change nothing, however often they are asked.
func TestStep01_QueriesChangeNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.customer()
	o := c.places(lamp, 1)
	conn := postgres.Open(s.C, "order")
	state := func() string {
		return fmt.Sprint(conn.Rows(`SELECT format('%s, %s × %s of %s, placed %s, version %s', status, quantity, sku, o.customer, placed, version) AS is
			FROM orders o JOIN customers USING (customer) WHERE id = $1`, o.ID)[0]["is"])
	}
	before := state()
	for range 3 {
		s.AwaitServices(soon, func() *check.Finding {
			answer := s.history.Get("/orders/" + o.ID)
			if answer.Status == http.StatusOK {
				return nil
			}
			return &check.Finding{
				Say: "GET /orders/{id} of history does not show an order that was placed.", Got: said(answer), Want: http.StatusOK, At: "history/orders.go", Next: "Read the log of history.",
			}
		}, services...)
		c.page()
		s.joined(c)
	}
	if after := state(); after != before {
		s.NotYet(check.Finding{
			Say: "An order was looked at, and that changed it.", Got: after, Want: before, At: "history/orders.go", Next: "Take the UPDATE out of the query: packing is a command.",
		})
	}
}

// Postgres refuses the role of the queries every change.
func TestStep01_TheQueryRoleOnlyReads(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.readsOnly("query", "order", "customers", "outbox")
	for _, table := range []string{"orders", "products"} {
		if _, err := postgres.Open(s.C, "query").Try("SELECT * FROM " + table + " LIMIT 1"); err != nil {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("The role query may not read the table %s.", table), Got: err.Error(), Want: "rows", At: "order/schema.sql",
				Next: fmt.Sprintf("GRANT SELECT ON %s TO query, in order/schema.sql.", table),
			})
		}
	}
}

// history asks its queries as the role that may only read.
func TestStep01_QueriesAreAskedAsThatRole(t *testing.T) {
	s := open(t)
	c := s.customer()
	s.asksAs("order", "query", "history/main.go", func() {
		s.history.Get("/joined?customer=" + c.name)
		s.history.Get("/orders/" + fresh("order"))
		s.history.Get(c.path())
	})
}

// A command that the shop cannot carry out is refused, and changes nothing.
func TestStep01_ARefusedCommandChangesNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.customer()
	for _, body := range []map[string]any{
		{"customer": c.name, "sku": lamp.sku, "quantity": 0}, {"customer": c.name, "sku": fresh("sku"), "quantity": 1}, {"customer": "", "sku": lamp.sku, "quantity": 1},
	} {
		s.order.Post("/orders", body).Want(http.StatusUnprocessableEntity)
	}
	rows := postgres.Open(s.C, "order").Rows("SELECT customer FROM customers WHERE customer IN ($1, '') UNION ALL SELECT id FROM orders WHERE customer IN ($1, '')", c.name)
	if len(rows) > 0 {
		s.NotYet(check.Finding{
			Say: "An order was refused, and something of it was stored.", Got: fmt.Sprint(rows), Want: "nothing", At: "order/orders.go", Next: "Do all of it in one transaction, as before.",
		})
	}
}
