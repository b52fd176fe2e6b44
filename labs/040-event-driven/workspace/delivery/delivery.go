package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/jackc/pgx/v5"

	"shop/event"
	"shop/service"
)

// delivery is how the delivery of one order ended.
type delivery struct {
	Order   string `json:"order"`
	Address string `json:"address"`
	Status  string `json:"status"` // Shipped or Failed
}

// handle ships an order when it is confirmed. One order has one row and one
// answer with one id, so that a second OrderConfirmed changes nothing.
func (s *shop) handle(ctx context.Context, e event.Event) error {
	if e.Type != "OrderConfirmed" {
		return nil
	}
	var d delivery
	if err := e.Decode(&d); err != nil {
		return err
	}
	d.Status = "Shipped"
	kind := "OrderShipped"
	if d.Address == "nowhere" { // the courier finds every other address
		d.Status, kind = "Failed", "DeliveryFailed"
	}
	_, err := s.db.Exec(ctx, `
		INSERT INTO deliveries (order_id, address, status) VALUES ($1, $2, $3)
		ON CONFLICT (order_id) DO NOTHING`, d.Order, d.Address, d.Status)
	if err != nil {
		return fmt.Errorf("store delivery: %w", err)
	}
	answer, err := event.New(ctx, kind, d.Order, d)
	if err != nil {
		return err
	}
	answer.ID = "delivery-of-" + d.Order
	return s.events.Publish(ctx, event.Deliveries, answer)
}

// get answers with the delivery of an order.
func (s *shop) get(w http.ResponseWriter, r *http.Request) {
	d := delivery{Order: r.PathValue("order")}
	err := s.db.QueryRow(r.Context(),
		"SELECT address, status FROM deliveries WHERE order_id = $1", d.Order).Scan(&d.Address, &d.Status)
	if errors.Is(err, pgx.ErrNoRows) {
		http.Error(w, "no delivery of that order", http.StatusNotFound)
		return
	}
	if err != nil {
		service.Fail(w, r, "find delivery", err)
		return
	}
	service.Answer(w, http.StatusOK, d)
}
