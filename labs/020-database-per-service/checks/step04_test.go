//go:build lab

package checks

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
)

// arrival is how long a change of product may take to be in order's copy.
const arrival = 2 * time.Second

// sells offers a product and orders one of it: order knows it by then.
func (s *shop) sells(price int64) (product, order) {
	s.Helper()
	p := s.offers(price, 1000)
	o := s.place(order{SKU: p.SKU, Quantity: 1})
	s.shown(o, p.Name, p.Price)
	return p, o
}

// arrives orders a product until an order has its new name and price, and returns that
// order; otherwise it is what say says.
func (s *shop) arrives(within time.Duration, p product, say string) order {
	s.Helper()
	var last order
	s.AwaitServices(within, func() *check.Finding {
		last = s.place(order{SKU: p.SKU, Quantity: 1})
		finding := s.differs(s.page(last.Address), last, p.Name, p.Price)
		if finding != nil {
			finding.Say, finding.At = say, "order/copy.go"
			finding.Next = "Ask product again and again, in the background, what has changed since the last time, and store it in the copy."
		}
		return finding
	}, services...)
	return last
}

// With product stopped the page of orders is whole, after a restart of order too.
func TestStep04_ThePageDoesWithoutProduct(t *testing.T) {
	s := open(t)
	p, o := s.sells(2600)
	stopped, restarted := s.Fault("product"), s.Fault("order")
	stopped.Stop()
	for i, when := range []string{"product is stopped", "product is stopped, and order was started again"} {
		if i > 0 {
			restarted.Restart()
		}
		answer := s.try(s.order, http.MethodGet, pagePath(o.Address), nil)
		if answer == nil || answer.Status != http.StatusOK {
			s.NotYet(check.Finding{
				Say: "GET /orders does not answer with the orders while " + when + ".", Got: said(answer), Want: http.StatusOK, At: "order/orders.go",
				Next: "Take name and price from order's own database.", Output: s.LogSince("order"),
			})
		}
		var page []order
		answer.JSON(&page)
		if finding := s.differs(page, o, p.Name, p.Price); finding != nil {
			finding.Say = "The page of orders does not have the name and the price of the product while " + when + "."
			finding.Next = "Take name and price from order's own database."
			s.NotYet(*finding)
		}
	}
}

// An order is placed at the copied price, whatever its customer says.
func TestStep04_ThePriceIsTheCopied(t *testing.T) {
	s := open(t)
	p, _ := s.sells(3100)
	link := s.link()
	second := s.second(link)
	link.hooks(func(_ http.ResponseWriter, c *call) bool {
		if c.request.Method == http.MethodGet {
			panic(http.ErrAbortHandler) // nobody answers questions; stock is given
		}
		return true
	}, nil)
	o := order{SKU: p.SKU, Quantity: 2, Address: fresh("street")}
	cheap := o
	cheap.Name, cheap.Price = "Free lamp", 1
	answer := s.try(second.Service, http.MethodPost, "/orders", cheap)
	if answer == nil || answer.Status != http.StatusCreated {
		s.NotYet(check.Finding{
			Say: "Product gives stock and answers no questions, and POST /orders does not take an order of a product that is in the copy.", Got: said(answer),
			Want: http.StatusCreated, At: "order/orders.go", Next: "Take the price from the copy; only the stock is asked of product.", Output: second.Output(),
		})
	}
	answer.JSON(&o)
	var page []order
	answer = s.try(second.Service, http.MethodGet, pagePath(o.Address), nil)
	if answer == nil || answer.Status != http.StatusOK {
		s.NotYet(check.Finding{
			Say: "Product answers no questions, and GET /orders does not show an order that was placed meanwhile.", Got: said(answer), Want: http.StatusOK,
			At: "order/orders.go", Next: "Take name and price from order's own database.", Output: second.Output(),
		})
	}
	answer.JSON(&page)
	if finding := s.differs(page, o, p.Name, p.Price); finding != nil {
		finding.Next = "The name and the price of an order are those of the copy, not of the request."
		s.NotYet(*finding)
	}
}

// A changed name and price is in new orders within two seconds; orders that were placed keep theirs.
func TestStep04_AChangeArrives(t *testing.T) {
	s := open(t)
	p, o := s.sells(4000)
	before := p
	for price := range int64(2) {
		p.Name, p.Price = fmt.Sprintf("Lamp no. %d", price), 5000+price
		s.set(p)
		s.arrives(arrival, p, "A product has another name and another price, and two seconds later an order is still placed with the old ones.")
	}
	if finding := s.differs(s.page(o.Address), o, before.Name, before.Price); finding != nil {
		finding.Say = "The name and the price of a product were changed, and an order that was placed before no longer shows those that were agreed on."
		finding.Next = "Store name and price with the order when it is placed, and show these."
		s.NotYet(*finding)
	}
}

// A change that product commits late is not passed over.
func TestStep04_ALateChangeIsNotPassedOver(t *testing.T) {
	s := open(t)
	late, _ := s.sells(6000)
	early, _ := s.sells(6100)
	held := s.delays(late.SKU)
	late.Price, early.Price = 6001, 6101
	first := s.send(s.product, http.MethodPut, "/products/"+late.SKU, late)
	if !s.Within(soon, func() bool { return held.waiting() > 0 || first.over() }) || first.over() {
		held.release()
		<-first.done
		s.arrives(arrival, late, "A product has another price, and two seconds later an order is still placed with the old one.")
		return
	}
	next := s.send(s.product, http.MethodPut, "/products/"+early.SKU, early)
	s.Within(soon, func() bool { return next.over() || held.waiting() > 1 })
	if next.over() { // it did not wait for the first
		s.arrives(2*arrival, early, "A product has another price while a change of another product is not committed yet, and orders do not get the new price.")
	}
	held.release()
	<-first.done
	<-next.done
	s.arrives(2*arrival, late, "Two products were changed at the same time. The one whose change was committed last never gets its new price in order's copy.")
	s.arrives(2*arrival, early, "Two products were changed at the same time. One of them never gets its new price in order's copy.")
}

// delay keeps product's changes of a sku from being committed.
type delay struct {
	s    *shop
	conn *postgres.Conn
	free bool
}

// delays has each commit that changes something of the sku wait. It is done by triggers
// that run at the commit: where nobody holds their lock they do nothing, and they go with
// the check.
func (s *shop) delays(sku string) *delay {
	s.Helper()
	d := &delay{s: s, conn: postgres.Open(s.C, "product")}
	name, key := "check_"+fresh("late")[5:], time.Now().UnixNano()
	d.conn.Rows(fmt.Sprintf(`CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF NEW::text LIKE '%%%s%%' THEN PERFORM pg_advisory_xact_lock_shared(%d); END IF; RETURN NULL; END $$`, name, sku, key))
	s.Cleanup(func() { d.release(); d.conn.Drop("DROP FUNCTION " + name + "() CASCADE") })
	for _, table := range d.conn.Tables() {
		d.conn.Rows(fmt.Sprintf("CREATE CONSTRAINT TRIGGER %s AFTER INSERT OR UPDATE ON %s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION %[1]s()", name, table))
	}
	d.conn.Rows("SELECT pg_advisory_lock($1)", key)
	return d
}

func (d *delay) waiting() int {
	d.s.Helper()
	return d.conn.Int("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
}

func (d *delay) release() {
	if !d.free {
		d.free = true
		d.conn.Drop("SELECT pg_advisory_unlock_all()")
	}
}

// Order asks for what has changed since, and not for all each time.
func TestStep04_ItAsksForChangesOnly(t *testing.T) {
	s := open(t)
	p, o := s.sells(7000)
	link := s.link()
	second := s.second(link)
	page := func() []call {
		return link.during(func() {
			s.try(second.Service, http.MethodGet, pagePath(o.Address), nil)
			s.Within(50*time.Millisecond, second.over)
		})
	}
	asks := func(times int) (asked []call) {
		s.Within(3*arrival, func() bool { asked = append(asked, page()...); return len(asked) >= times })
		return asked
	}
	if first := asks(2); len(first) < 2 { // by then the copy is up to date
		s.NotYet(check.Finding{
			Say: "Order does not ask product for changes.", Got: fmt.Sprintf("%d requests within %s", len(first), 3*arrival), Want: "one every two seconds at least", At: "order/copy.go",
			Next: "Ask again and again, in the background: env.Go starts it.", Output: second.Output(),
		})
	}
	for _, c := range asks(3) {
		if bytes.Contains(c.answer, []byte(p.SKU)) {
			s.NotYet(check.Finding{
				Say: "Order asks product for products that have not changed since the last time.", Got: fmt.Sprintf("%s answers with %s", c.request.URL, p.SKU),
				Want: "an answer with nothing in it, as nothing has changed", At: "order/copy.go",
				Next: "Show the page from the copy. In the background, remember the number of the last change that the copy has, and send it along.",
			})
		}
	}
}
