package main

import (
	"net/http"

	"shop/service"
)

func (s *shop) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /stock/{sku}", s.put)
	mux.HandleFunc("GET /stock/{sku}", s.get)
	mux.HandleFunc("POST /rebuild", s.rebuild)
	return mux
}

// put sets the stock of a sku: {quantity} → 200 {sku, quantity}.
func (s *shop) put(w http.ResponseWriter, r *http.Request) {
	var in stock
	if !service.Read(w, r, &in) {
		return
	}
	in.SKU = r.PathValue("sku")
	if in.Quantity < 0 {
		http.Error(w, "stock is never below zero", http.StatusUnprocessableEntity)
		return
	}
	if err := s.set(r.Context(), in); err != nil {
		service.Fail(w, r, "set stock", err)
		return
	}
	service.Answer(w, http.StatusOK, in)
}

// get answers with the stock of a sku; one that was never set has none.
func (s *shop) get(w http.ResponseWriter, r *http.Request) {
	found, err := s.find(r.Context(), r.PathValue("sku"))
	if err != nil {
		service.Fail(w, r, "find stock", err)
		return
	}
	service.Answer(w, http.StatusOK, found)
}
