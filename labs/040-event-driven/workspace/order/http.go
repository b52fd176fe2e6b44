package main

import (
	"errors"
	"net/http"

	"shop/service"
)

func (s *shop) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", s.post)
	mux.HandleFunc("GET /orders", s.list)
	mux.HandleFunc("GET /orders/{id}", s.get)
	return mux
}

// post places an order: {sku, quantity, address} → 201 {id}. Who got no answer
// sends it again with the same Idempotency-Key, and it is placed once.
func (s *shop) post(w http.ResponseWriter, r *http.Request) {
	var o order
	if !service.Read(w, r, &o) {
		return
	}
	o.Key = r.Header.Get("Idempotency-Key")
	err := s.place(r.Context(), &o)
	if errors.Is(err, errAgain) {
		s.again(w, r, o)
		return
	}
	if errors.Is(err, errRefused) {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	if err != nil {
		service.Fail(w, r, "place order", err)
		return
	}
	service.Answer(w, http.StatusCreated, map[string]string{"id": o.ID})
}

// again answers with the order that was placed with the same Idempotency-Key.
func (s *shop) again(w http.ResponseWriter, r *http.Request, o order) {
	found, err := s.find(r.Context(), "key", o.Key)
	if err != nil || len(found) == 0 {
		service.Fail(w, r, "find order", errors.Join(errAgain, err))
		return
	}
	first := found[0]
	if first.SKU != o.SKU || first.Quantity != o.Quantity || first.Address != o.Address {
		http.Error(w, "another order has this Idempotency-Key", http.StatusUnprocessableEntity)
		return
	}
	service.Answer(w, http.StatusCreated, map[string]string{"id": first.ID})
}

// get answers with one order.
func (s *shop) get(w http.ResponseWriter, r *http.Request) {
	found, err := s.find(r.Context(), "id", r.PathValue("id"))
	if err != nil {
		service.Fail(w, r, "find order", err)
		return
	}
	if len(found) == 0 {
		http.Error(w, "no such order", http.StatusNotFound)
		return
	}
	service.Answer(w, http.StatusOK, found[0])
}

// list answers with all orders to one address: GET /orders?address=….
func (s *shop) list(w http.ResponseWriter, r *http.Request) {
	found, err := s.find(r.Context(), "address", r.URL.Query().Get("address"))
	if err != nil {
		service.Fail(w, r, "list orders", err)
		return
	}
	service.Answer(w, http.StatusOK, found)
}
