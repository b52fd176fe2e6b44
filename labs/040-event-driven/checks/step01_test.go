//go:build lab

package checks

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
)

// Each stored order is published once, with all that was ordered.
func TestStep01_EachStoredOrderIsPublished(t *testing.T) {
	t.Parallel()
	s := open(t)
	placed := s.follow(orders)
	ids := map[string]bool{}
	var all []order
	for quantity := 1; quantity <= 3; quantity++ {
		all = append(all, s.place(order{SKU: fresh("sku"), Quantity: quantity}))
	}
	for _, o := range all {
		s.same(s.wait(placed, "OrderPlaced", o.ID, "order/orders.go"), o)
	}
	told := placed.where(func(e event) bool { return e.Type == "OrderPlaced" && about(e, all) })
	for _, e := range told {
		ids[e.ID] = true
	}
	if len(told) != 3 || len(ids) != 3 || ids[""] {
		s.NotYet(check.Finding{
			Say:  "Each order needs one event, and each event an id of its own.",
			Got:  fmt.Sprintf("%d events with %d different ids for 3 orders\n%s", len(told), len(ids), placed.shows()),
			Want: "3 events with 3 ids",
			At:   "order/orders.go",
			Next: "event.New gives each event an id; publish once for each order.",
		})
	}
}

// about reports whether the event is about one of the orders.
func about(e event, all []order) bool {
	return slices.ContainsFunc(all, func(o order) bool { return o.ID == e.Data.Order })
}

// An order that is refused is not published.
func TestStep01_RefusedOrderIsNotPublished(t *testing.T) {
	t.Parallel()
	s := open(t)
	placed := s.follow(orders)
	refused := order{SKU: fresh("sku"), Quantity: 0, Address: fresh("street")}
	if answer := s.order.Post("/orders", refused); answer.Status/100 != 4 {
		answer.Want(http.StatusUnprocessableEntity)
	}
	o := s.place(order{SKU: fresh("sku"), Quantity: 1})
	s.wait(placed, "OrderPlaced", o.ID, "order/orders.go")
	told := placed.where(func(e event) bool { return e.Data.Address == refused.Address || e.Data.SKU == refused.SKU })
	if len(told) > 0 {
		s.NotYet(check.Finding{
			Say:  "An order of quantity 0 was refused, and yet it was published.",
			Got:  told[0].message.Value,
			Want: "no event for an order that is not stored",
			At:   "order/orders.go",
			Next: "Publish after the order is stored, not before.",
		})
	}
}

// The trace of the request goes on in the event.
func TestStep01_TraceGoesOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	placed := s.follow(orders)
	trace := fmt.Sprintf("%032x", time.Now().UnixNano())
	o := order{SKU: fresh("sku"), Quantity: 1, Address: fresh("street")}
	ctx, cancel := context.WithTimeout(s.Context, 10*time.Second)
	defer cancel()
	answer, err := s.order.Try(ctx, http.MethodPost, "/orders", o,
		map[string]string{"traceparent": "00-" + trace + "-00f067aa0ba902b7-01"})
	s.Must(err, "The service order did not answer POST /orders.")
	answer.Want(http.StatusCreated, http.StatusAccepted).JSON(&o)
	e := s.wait(placed, "OrderPlaced", o.ID, "order/orders.go")
	if header := e.message.Headers["traceparent"]; !strings.Contains(header, trace) {
		s.NotYet(check.Finding{
			Say:  "The event does not carry the trace of the request that caused it.",
			Got:  "header traceparent: " + header,
			Want: "00-" + trace + "-…-01",
			At:   "order/orders.go",
			Next: "Hand the request's context down to event.New.",
		})
	}
}
