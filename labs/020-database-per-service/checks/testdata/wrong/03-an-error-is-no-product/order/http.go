package main

import (
	"errors"
	"log/slog"
	"net/http"

	"shop/client"
	"shop/service"
)

func (s *shop) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", s.post)
	mux.HandleFunc("GET /orders", s.list)
	mux.HandleFunc("GET /sales", s.sales)
	return mux
}

// post places an order: {sku, quantity, address} → 201 {id}, or 422.
func (s *shop) post(w http.ResponseWriter, r *http.Request) {
	var o order
	if !service.Read(w, r, &o) {
		return
	}
	err := s.place(r.Context(), &o)
	if errors.Is(err, errRefused) {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	if err != nil {
		fail(w, r, "place order", err)
		return
	}
	service.Answer(w, http.StatusCreated, map[string]string{"id": o.ID})
}

// list answers with the page of the orders to one address, newest first; without an
// address with all orders.
func (s *shop) list(w http.ResponseWriter, r *http.Request) {
	page, err := s.page(r.Context(), r.URL.Query().Get("address"))
	if err != nil {
		fail(w, r, "list orders", err)
		return
	}
	service.Answer(w, http.StatusOK, page)
}

// sales answers with how much of each sku was ordered.
func (s *shop) sales(w http.ResponseWriter, r *http.Request) {
	sold, err := s.sold(r.Context())
	if err != nil {
		service.Fail(w, r, "add up sales", err)
		return
	}
	service.Answer(w, http.StatusOK, sold)
}

// fail answers 503 where it was product that did not answer, and else 500.
func fail(w http.ResponseWriter, r *http.Request, doing string, err error) {
	if errors.Is(err, client.ErrAway) {
		slog.WarnContext(r.Context(), doing, "err", err)
		http.Error(w, "product does not answer at the moment; try again later", http.StatusServiceUnavailable)
		return
	}
	service.Fail(w, r, doing, err)
}
