//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"testing"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kmsg"

	"cnalab/labs/check"
	"cnalab/labs/check/kafka"
	"cnalab/labs/check/postgres"
)

// Each stored order is published once, with all that was ordered.
func TestStep01_EachStoredOrderIsPublished(t *testing.T) {
	t.Parallel()
	s := open(t)
	placed := s.follow(orders)
	equal := order{SKU: fresh("sku"), Quantity: 2, Address: fresh("street")}
	var all []order
	for _, o := range []order{{SKU: fresh("sku"), Quantity: 1}, equal, equal, {SKU: fresh("sku"), Quantity: 3}} {
		all = append(all, s.place(o))
	}
	for _, o := range all {
		s.same(s.wait(placed, "OrderPlaced", o.ID, "order/orders.go"), o)
		s.kept(o)
	}
	s.wait(placed, "OrderPlaced", s.place(equal).ID, "order/orders.go") // a second event would come before this one
	ids := map[string]bool{}
	for _, o := range all {
		told := placed.of("OrderPlaced", o.ID)
		if len(told) != 1 {
			s.NotYet(check.Finding{
				Say: "An order is published more than once.", Got: fmt.Sprintf("%d events about order %s", len(told), o.ID), Want: "1 event",
				At: "order/orders.go", Next: "Publish one event, once, where the order is stored.",
			})
		}
		ids[told[0].ID] = true
	}
	if len(ids) != len(all) || ids[""] {
		s.NotYet(check.Finding{
			Say: "Each event needs an id of its own.", Got: fmt.Sprintf("%d different ids for %d orders", len(ids), len(all)),
			Want: fmt.Sprintf("%d ids", len(all)), At: "order/orders.go", Next: "event.New gives each event an id.",
		})
	}
}

// kept ends the check as not yet where order does not know the order as it was placed.
func (s *shop) kept(o order) {
	s.Helper()
	now := s.find(o.ID)
	now.Status = o.Status // it may have moved since
	if now != o {
		s.NotYet(check.Finding{
			Say:  fmt.Sprintf("GET /orders/%s answers with another order than was placed.", o.ID),
			Got:  fmt.Sprintf("sku %s, quantity %d, address %s", now.SKU, now.Quantity, now.Address),
			Want: fmt.Sprintf("sku %s, quantity %d, address %s", o.SKU, o.Quantity, o.Address),
			At:   "order/orders.go", Next: "Store what was ordered, under the id of the answer.",
		})
	}
}

// An order that the table refuses is not published.
func TestStep01_RefusedOrderIsNotPublished(t *testing.T) {
	t.Parallel()
	s := open(t)
	placed := s.follow(orders)
	for _, quantity := range []int{0, -1, 3_000_000_000} { // the last is more than an integer holds
		refused := order{SKU: fresh("sku"), Quantity: quantity, Address: fresh("street")}
		answer := s.order.Post("/orders", refused)
		if answer.Status/100 == 2 {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("An order of quantity %d, which the table refuses, is accepted.", quantity), Got: answer.Status, Want: "422, or another error",
				At: "order/orders.go", Next: "Return the table's error.",
			})
		}
		s.wait(placed, "OrderPlaced", s.place(order{SKU: fresh("sku"), Quantity: 1}).ID, "order/orders.go")
		s.silent(placed, refused.Address, fmt.Sprintf("An order of quantity %d was refused, and yet it was published.", quantity))
	}
}

// An order that is sent again with the same Idempotency-Key is placed once.
func TestStep01_SentAgainIsPlacedOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
	key := map[string]string{"Idempotency-Key": fresh("key")}
	post := func(o order) *check.Answer {
		answer, err := s.order.Try(s.Context, http.MethodPost, "/orders", o, key)
		s.Must(err, "The check could not send an order.")
		return answer
	}
	first, again := s.accepted(post(o), o), s.accepted(post(o), o)
	if first.ID != again.ID {
		s.NotYet(check.Finding{
			Say: "The same order was sent twice with the same Idempotency-Key, and order stored two orders.", Got: fmt.Sprintf("%s and %s", first.ID, again.ID),
			Want: "the same id both times", At: "order/orders.go", Next: "Store the Idempotency-Key with the order, as the code did that you were given.",
		})
	}
	o.Quantity++
	if answer := post(o); ok(answer) {
		s.NotYet(check.Finding{
			Say: "Another order was sent with the Idempotency-Key of an earlier one, and it was accepted.", Got: answer.Status, Want: "422, or another error",
			At: "order/http.go", Next: "Compare it with the order that has this key, as the code did that you were given.",
		})
	}
}

// silent ends the check as not yet where an order to the address was told of.
func (s *shop) silent(placed topic, address, say string) {
	s.Helper()
	if told := placed.where(func(e event) bool { return e.Data.Address == address }); len(told) > 0 {
		s.NotYet(check.Finding{
			Say: say, Got: fmt.Sprintf("%s about order %s", told[0].Type, told[0].Data.Order), Want: "no event for an order that is not stored",
			At: "order/orders.go", Next: "Publish after the order is stored, not before.",
		})
	}
}

// The trace of the request goes on in the event.
func TestStep01_TraceGoesOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	placed := s.follow(orders)
	o, trace := s.traced(order{SKU: fresh("sku"), Quantity: 1})
	s.carries(s.wait(placed, "OrderPlaced", o.ID, "order/orders.go"), trace, "order/orders.go")
}

// An order is not published before it is stored.
func TestStep01_StoredFirst(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	s.wait(placed, "OrderPlaced", s.place(order{SKU: fresh("sku"), Quantity: 1}).ID, "order/orders.go")
	o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
	held := s.hold("order", postgres.Open(s.C, "order").Tables()...)
	request := s.send(s.order, http.MethodPost, "/orders", o)
	held.blocked(request.over)
	s.silent(placed, o.Address, "An order was published while the table did not take it yet.")
	held.breakOff()
	answer := request.wait()
	s.wait(placed, "OrderPlaced", s.place(order{SKU: fresh("sku"), Quantity: 1}).ID, "order/orders.go")
	if len(s.list(o.Address)) == 0 {
		s.silent(placed, o.Address, "The database failed and an order was not stored, and yet it was published.")
		if ok(answer) {
			s.NotYet(check.Finding{
				Say: "The database failed, and POST /orders answers as if the order were stored.", Got: answer.Status, Want: "500",
				At: "order/orders.go", Next: "Return the database's error.",
			})
		}
	}
}

// An order that is accepted while Kafka is away is published once it is back, even if order dies in between.
func TestStep01_AcceptedIsPublished(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	s.wait(placed, "OrderPlaced", s.place(order{SKU: fresh("sku"), Quantity: 1}).ID, "order/orders.go")
	kafka, killed := s.kafka(), s.Fault("order")
	kafka.Stop()
	o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
	answer := s.try(s.order, http.MethodPost, "/orders", o, "")
	if !ok(answer) {
		return // so nobody counts on it
	}
	answer.JSON(&o)
	killed.Kill() // and what it only meant to do
	kafka.Heal()
	killed.Heal()
	s.eventually(chain, func() *check.Finding {
		if len(placed.of("OrderPlaced", o.ID)) > 0 {
			return nil
		}
		return &check.Finding{
			Say: "With Kafka stopped, POST /orders answered with success. Then order was killed; both are back, and its OrderPlaced never comes.", Got: answer.Status,
			Want: "500 where it cannot be published", At: "order/orders.go", Next: "Wait for Publish, and return its error.",
		}
	}, "order")
}

// tries is how often the publisher of the workspace sends an event before it
// returns an error.
const tries = 3

// Where Kafka times out an order has one event; it has none only where POST /orders did not answer with success.
func TestStep01_TimeoutIsAnError(t *testing.T) {
	s := open(t)
	placed := s.follow(orders)
	s.wait(placed, "OrderPlaced", s.place(order{SKU: fresh("sku"), Quantity: 1}).ID, "order/orders.go")
	tap := kafka.Open(s.C).Tap()
	second := s.second("order", s.order, tap)

	tap.LoseAnswers(kmsg.Produce, tries, kafkago.RequestTimedOut)
	o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
	s.try(second.Service, http.MethodPost, "/orders", o, "") // it may fail, and may not
	if told := placed.where(func(e event) bool { return e.Type == "OrderPlaced" && e.Data.Address == o.Address }); different(told) > 1 {
		s.NotYet(check.Finding{
			Say: "Kafka stored the event of one POST /orders, and answered that it timed out. Now the order has events with different ids: a consumer that gets them counts it more than once.",
			Got: fmt.Sprintf("%d different ids", different(told)), Want: "one id, however often it is sent", At: "order/orders.go",
			Next: "Where you try again, publish the event that you have, and make no new one.", Output: second.Output(),
		})
	}

	tap.Refuse(kmsg.Produce, tries, kafkago.RequestTimedOut)
	o.Address = fresh("street")
	answer := s.try(second.Service, http.MethodPost, "/orders", o, "")
	tap.Refuse(kmsg.Produce, 0, kafkago.RequestTimedOut)
	if !ok(answer) {
		return // so nobody counts on it
	}
	answer.JSON(&o)
	second.Kill() // and what it only meant to do
	s.eventually(chain, func() *check.Finding {
		if len(placed.of("OrderPlaced", o.ID)) > 0 {
			return nil
		}
		return &check.Finding{
			Say: "Kafka answered that it timed out, and stored no event, and POST /orders answered with success. Then order was killed, and its OrderPlaced never comes.",
			Got: answer.Status, Want: "500 where it cannot be published", At: "order/orders.go",
			Next: "Return each error of Publish. A timeout is one, too: nobody knows then whether Kafka has the event.", Output: second.Output(),
		}
	})
}
