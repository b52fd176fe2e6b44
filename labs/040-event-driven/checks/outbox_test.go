//go:build lab

package checks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// load places orders from four sides until ctx ends or order does not answer.
func (s *shop) load(ctx context.Context, address string) (accepted chan bool, clients *sync.WaitGroup) {
	accepted, clients = make(chan bool, 100_000), new(sync.WaitGroup)
	for range 4 {
		clients.Go(func() {
			for ctx.Err() == nil {
				o := order{SKU: fresh("sku"), Quantity: 1, Address: address}
				answer, err := s.order.Try(ctx, http.MethodPost, "/orders", o, nil)
				if err != nil {
					return // killed
				}
				if ok(answer) {
					accepted <- true
				}
			}
		})
	}
	return accepted, clients
}

// accepts ends the check as not yet where a service cannot do without Kafka.
func (s *shop) accepts(service *check.Service, method, path string, body any, trace, at string) *check.Answer {
	s.Helper()
	answer := s.try(service, method, path, body, trace)
	if ok(answer) {
		return answer
	}
	got := "no answer within 10 s"
	if answer != nil {
		got = fmt.Sprintf("%d: %.200s", answer.Status, answer.Body)
	}
	s.Alive(services...)
	s.NotYet(check.Finding{
		Say: fmt.Sprintf("With Kafka away, %s %s is not accepted.", method, path), Got: got,
		Want: "201 or 200 at once: the event can wait in the database", At: at,
		Next: "Write the event into a table in the same transaction, and publish it from there.",
	})
	return nil
}

// settle orders until order takes one again: after a fault its connections
// may be broken, which is no finding. What it opens, the next order uses.
func (s *shop) settle() order {
	s.Helper()
	o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
	s.eventually(chain, func() *check.Finding {
		answer := s.order.Post("/orders", o)
		if ok(answer) {
			answer.JSON(&o)
			return nil
		}
		return &check.Finding{
			Say: "Kafka and Postgres are back, and order takes no orders.", Got: answer.Status, Want: http.StatusCreated,
			Next: "Read the log of order: what does it wait for?",
		}
	}, "order")
	return o
}

// ready returns when order takes orders and tells of them, which after a fault
// may take a while.
func (s *shop) ready(placed topic) order {
	s.Helper()
	o := s.settle()
	s.waitWithin(chain, placed, "OrderPlaced", o.ID, "order/orders.go", "order")
	return o
}

// idle returns when order's relay has nothing in its hands: it would go on with
// that alone while Kafka is away, and what is stored then would be safe for
// as long. Nobody answers an order until what it returns is called.
func (s *shop) idle(placed topic) (release func()) {
	s.Helper()
	s.quiet()
	release = s.keep("product")
	s.ready(placed)
	return release
}

// told waits for the OrderPlaced of each of the orders, and ends the check as
// not yet where one is missing, with say, or two are of one order.
func (s *shop) told(within time.Duration, placed topic, say string, stored ...order) {
	s.Helper()
	s.eventually(within, func() *check.Finding {
		told := map[string]bool{}
		for _, e := range placed.where(func(e event) bool { return e.Type == "OrderPlaced" }) {
			told[e.Data.Order] = true
		}
		var missing []string
		for _, o := range stored {
			if !told[o.ID] {
				missing = append(missing, o.ID)
			}
		}
		if len(missing) == 0 {
			return nil
		}
		return &check.Finding{
			Say: say, Got: fmt.Sprintf("no event for %d of %d orders, among them %s", len(missing), len(stored), missing[0]),
			Want: "an OrderPlaced for each", At: "order/orders.go",
			Next: "Keep the event in order's database until Kafka has it, and let the relay look there by itself.",
		}
	}, "order")
	s.once(placed)
}

// once ends the check as not yet where an order has two events: what is sent
// again is the same event, with the same id, time, key, trace and data.
func (s *shop) once(placed topic) {
	s.Helper()
	first := map[string]event{}
	for _, e := range placed.where(func(e event) bool { return e.Type == "OrderPlaced" }) {
		before, again := first[e.Data.Order]
		if again && before.ID != e.ID {
			s.NotYet(check.Finding{
				Say: "One order has two events with different ids: a consumer that gets both counts it twice.",
				Got: fmt.Sprintf("%s and %s about order %s", before.ID, e.ID, e.Data.Order), Want: "the same id each time it is sent",
				At: "order/orders.go", Next: "Make the event once, where the order is stored, and keep its id in the outbox.",
			})
		}
		if again && (before.message.Key != e.message.Key || before.trace() != e.trace() || before.Time != e.Time || before.Data != e.Data) {
			s.NotYet(check.Finding{
				Say:  "An event was sent again, and is not the same any more.",
				Got:  fmt.Sprintf("time %s, key %s, trace %s, quantity %d", e.Time, e.message.Key, e.trace(), e.Data.Quantity),
				Want: fmt.Sprintf("time %s, key %s, trace %s, quantity %d", before.Time, before.message.Key, before.trace(), before.Data.Quantity),
				At:   "outbox/outbox.go", Next: "Keep the event's id, time, key and trace in the table.",
			})
		}
		first[e.Data.Order] = e
	}
}

// toldOnce ends the check as not yet where different events tell of what
// happened to an order once: what was rolled back must not have been told.
func (s *shop) toldOnce(t topic, kind string, o order, say, at string) {
	s.Helper()
	if n := different(t.of(kind, o.ID)); n != 1 {
		s.NotYet(check.Finding{
			Say: say, Got: fmt.Sprintf("%d different %s about order %s", n, kind, o.ID), Want: "1", At: at,
			Next: "Add the event to the outbox in the transaction that makes the change, not beside it.",
		})
	}
}

// removed ends the check as not yet where an event is sent again although
// nothing has failed: another order's event comes, and it does as well.
func (s *shop) removed(placed topic, o order) {
	s.Helper()
	s.ready(placed)
	times := len(placed.of("OrderPlaced", o.ID))
	for range 3 { // one round may fail and send again what Kafka has
		s.ready(placed)
		before := times
		if times = len(placed.of("OrderPlaced", o.ID)); times == before {
			return
		}
	}
	s.NotYet(check.Finding{
		Say: "An event goes out again and again, though Kafka has it.", Got: fmt.Sprintf("%d times, and still more", times), Want: "removed once it was sent",
		At: "outbox/outbox.go", Next: "Remove from the outbox what Kafka has taken.",
	})
}

// stored ends the check as not yet where an event tells of an order to the
// address that order does not know.
func (s *shop) stored(placed topic, address, say string) {
	s.Helper()
	known := map[string]bool{}
	for _, o := range s.list(address) {
		known[o.ID] = true
	}
	for _, e := range placed.where(func(e event) bool { return e.Data.Address == address }) {
		if !known[e.Data.Order] {
			s.NotYet(check.Finding{
				Say: say, Got: fmt.Sprintf("%s about order %s, which order does not know", e.Type, e.Data.Order), Want: "no event without its order",
				At: "order/orders.go", Next: "Publish only what is committed: from the outbox, after the transaction.",
			})
		}
	}
}

// toldStock waits for a StockSet of each sku; otherwise it is what say says.
func (s *shop) toldStock(told topic, say string, set map[string]int) {
	s.Helper()
	s.eventually(chain, func() *check.Finding {
		missing := maps.Clone(set)
		for _, e := range told.where(func(e event) bool { return e.Type == "StockSet" }) {
			if e.Data.Quantity == set[e.Data.SKU] && e.message.Key == e.Data.SKU {
				delete(missing, e.Data.SKU)
			}
		}
		if len(missing) == 0 {
			return nil
		}
		return &check.Finding{
			Say: say,
			Got: fmt.Sprintf("no event for %d of %d skus", len(missing), len(set)), Want: "a StockSet for each, with sku and quantity, and the sku as key",
			At: "product/stock.go", Next: "Product writes to two places as well: give it the same outbox.",
		}
	}, "product")
}

// row is one that waits in a table of a service's database, as nobody but the
// check sees it for a while.
type row struct {
	conn, watch *postgres.Conn
	table       string // "" where there is none
}

// takeOut takes the row that waits to be sent and names something out of its
// table. There may be none: who keeps an outbox otherwise has nothing to lose here.
func (s *shop) takeOut(service, main, name string) *row {
	s.Helper()
	r := &row{conn: postgres.Open(s.C, service), watch: postgres.Open(s.C, service)}
	for _, table := range r.conn.Tables() {
		find := "FROM " + table + " AS waiting WHERE waiting::text LIKE $1"
		if table == main || r.conn.Int("SELECT count(*) "+find, "%"+name+"%") == 0 {
			continue
		}
		r.conn.Rows("CREATE TEMP TABLE taken AS SELECT * FROM " + table + " WITH NO DATA")
		r.conn.Rows("INSERT INTO taken SELECT * "+find, "%"+name+"%")
		r.conn.Rows("DELETE "+find, "%"+name+"%")
		r.table = table
		break
	}
	return r
}

// begin puts the row back in a transaction that has not committed, as if that
// had begun before those that commit meanwhile.
func (r *row) begin() {
	r.conn.Rows("BEGIN")
	if r.table != "" {
		all := strings.Join(columns(r.conn, r.table, "true"), ", ")
		r.conn.Rows("INSERT INTO " + r.table + " (" + all + ") OVERRIDING SYSTEM VALUE SELECT " + all + " FROM taken")
	}
}

// hold keeps other transactions from changing the table until this one commits.
func (r *row) hold() {
	if r.table != "" {
		r.conn.Rows("LOCK TABLE " + r.table + " IN SHARE MODE")
	}
}

// blocks reports whether somebody waits for it to commit, or has no need to.
func (r *row) blocks() bool {
	return r.table == "" || r.watch.Int("SELECT count(*) FROM pg_stat_activity WHERE "+waits) > 0
}

func (r *row) commit() { r.conn.Rows("COMMIT") }

// rounds waits until a service has asked its database a few things more, as a
// relay does in each round, or done is true. Where it keeps still, a while must do.
func (s *shop) rounds(service string, done func() bool) {
	s.Helper()
	const few = 6
	watch, seen, before := postgres.Open(s.C, service), map[string]bool{}, -1
	s.Within(soon, func() bool {
		for _, row := range watch.Rows("SELECT pid::text || query_start::text AS asked FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query_start IS NOT NULL") {
			seen[row["asked"].(string)] = true
		}
		if before < 0 {
			before = len(seen)
		}
		return len(seen) >= before+few || done()
	})
}

// shuffle moves the oldest row that names something to the end of its table, as
// any change of it would: only who asks for an order still finds it first.
func (s *shop) shuffle(service, main, name string) {
	s.Helper()
	conn := postgres.Open(s.C, service)
	for _, table := range conn.Tables() {
		if table == main {
			continue
		}
		if same := columns(conn, table, "attidentity = ''"); len(same) > 0 {
			conn.Rows("UPDATE "+table+" SET "+same[0]+" = "+same[0]+" WHERE ctid = (SELECT min(ctid) FROM "+table+
				" AS waiting WHERE waiting::text LIKE $1)", "%"+name+"%")
		}
	}
}
