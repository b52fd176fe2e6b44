package main

import (
	"errors"
	"net/http"
	"time"

	"shop/service"
)

func (s *shop) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", s.post)
	mux.HandleFunc("POST /orders/{id}/cancel", s.cancel)
	return mux
}

// post places an order: {customer, sku, quantity} → 201 and the order.
func (s *shop) post(w http.ResponseWriter, r *http.Request) {
	var o order
	if !service.Read(w, r, &o) {
		return
	}
	if err := s.place(r.Context(), &o); err != nil {
		fail(w, r, "place order", err)
		return
	}
	s.answer(w, r, http.StatusCreated, o.ID)
}

// cancel takes an order back that is not packed yet.
func (s *shop) cancel(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if err := s.move(r.Context(), id, "Cancelled", "OrderCancelled"); err != nil {
		fail(w, r, "cancel order", err)
		return
	}
	s.answer(w, r, http.StatusOK, id)
}

// answer shows the order and the customer's sum, so that the page needs no second request.
func (s *shop) answer(w http.ResponseWriter, r *http.Request, status int, id string) {
	var shown struct {
		ID       string    `json:"id"`
		Customer string    `json:"customer"`
		Name     string    `json:"name"`
		Quantity int       `json:"quantity"`
		Status   string    `json:"status"`
		Placed   time.Time `json:"placed"`
		Spent    int64     `json:"spent"`
	}
	err := s.db.QueryRow(r.Context(), `
		SELECT o.id, o.customer, p.name, o.quantity, o.status, o.placed,
			(SELECT COALESCE(sum(a.quantity * b.price), 0) FROM orders a JOIN products b USING (sku)
			 WHERE a.customer = o.customer AND a.status <> 'Cancelled')
		FROM orders o JOIN products p USING (sku) WHERE o.id = $1`, id).
		Scan(&shown.ID, &shown.Customer, &shown.Name, &shown.Quantity, &shown.Status, &shown.Placed, &shown.Spent)
	if err != nil {
		service.Fail(w, r, "show order", err)
		return
	}
	service.Answer(w, status, shown)
}

// fail answers with what a command was refused for.
func fail(w http.ResponseWriter, r *http.Request, doing string, err error) {
	switch {
	case errors.Is(err, errRefused):
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	case errors.Is(err, errNoOrder):
		http.Error(w, err.Error(), http.StatusNotFound)
	case errors.Is(err, errTooLate):
		http.Error(w, err.Error(), http.StatusConflict)
	default:
		service.Fail(w, r, doing, err)
	}
}
