package main

import (
	"errors"
	"net/http"

	"shop/service"
)

func (s *shop) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", s.post)
	mux.HandleFunc("POST /orders/{id}/pack", s.pack)
	mux.HandleFunc("POST /orders/{id}/cancel", s.cancel)
	return mux
}

// receipt is all that a command answers with.
type receipt struct {
	ID string `json:"id"`
}

// post places an order: {customer, sku, quantity} → 201 {id}.
func (s *shop) post(w http.ResponseWriter, r *http.Request) {
	var o order
	if !service.Read(w, r, &o) {
		return
	}
	if err := s.place(r.Context(), &o); err != nil {
		fail(w, r, "place order", err)
		return
	}
	service.Answer(w, http.StatusCreated, receipt{o.ID})
}

// pack says that somebody packs the order.
func (s *shop) pack(w http.ResponseWriter, r *http.Request) {
	s.change(w, r, "Packing", "OrderPacked")
}

// cancel takes an order back that is not packed yet.
func (s *shop) cancel(w http.ResponseWriter, r *http.Request) {
	s.change(w, r, "Cancelled", "OrderCancelled")
}

func (s *shop) change(w http.ResponseWriter, r *http.Request, status, kind string) {
	id := r.PathValue("id")
	if err := s.move(r.Context(), id, status, kind); err != nil {
		fail(w, r, "change order", err)
		return
	}
	service.Answer(w, http.StatusOK, receipt{id})
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
