package main

import (
	"errors"
	"net/http"
	"strconv"

	"shop/service"
)

func (s *shop) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /products/{sku}", s.put)
	mux.HandleFunc("GET /products/{sku}", s.get)
	mux.HandleFunc("GET /products", s.some)
	mux.HandleFunc("GET /changes", s.changes)
	mux.HandleFunc("GET /bestsellers", s.best)
	mux.HandleFunc("POST /stock/{sku}/take", s.take)
	mux.HandleFunc("GET /taken", s.list)
	return mux
}

// put sets what a product is and how much of it is in stock:
// {name, price, stock} → 200 {sku, name, price, stock}.
func (s *shop) put(w http.ResponseWriter, r *http.Request) {
	var p product
	if !service.Read(w, r, &p) {
		return
	}
	p.SKU = r.PathValue("sku")
	if p.Name == "" || p.Price < 0 || p.Stock < 0 {
		http.Error(w, "a product has a name, and neither price nor stock is below zero", http.StatusUnprocessableEntity)
		return
	}
	if err := s.set(r.Context(), p); err != nil {
		service.Fail(w, r, "set product", err)
		return
	}
	service.Answer(w, http.StatusOK, p)
}

// get answers with one product.
func (s *shop) get(w http.ResponseWriter, r *http.Request) {
	p, err := s.find(r.Context(), r.PathValue("sku"))
	if errors.Is(err, errUnknown) {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	if err != nil {
		service.Fail(w, r, "find product", err)
		return
	}
	service.Answer(w, http.StatusOK, p)
}

// some answers with the products that are asked for: GET /products?sku=…&sku=….
func (s *shop) some(w http.ResponseWriter, r *http.Request) {
	found, err := s.findAll(r.Context(), r.URL.Query()["sku"])
	if err != nil {
		service.Fail(w, r, "find products", err)
		return
	}
	service.Answer(w, http.StatusOK, found)
}

// changes answers with the products that changed since: GET /changes?after=….
func (s *shop) changes(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if err != nil {
		http.Error(w, "after is the number of a change", http.StatusBadRequest)
		return
	}
	found, err := s.changesAfter(r.Context(), after)
	if err != nil {
		service.Fail(w, r, "list changes", err)
		return
	}
	service.Answer(w, http.StatusOK, found)
}

// best answers with the products that were sold most, ten at the most.
func (s *shop) best(w http.ResponseWriter, r *http.Request) {
	best, err := s.bestsellers(r.Context())
	if err != nil {
		service.Fail(w, r, "list bestsellers", err)
		return
	}
	service.Answer(w, http.StatusOK, best)
}

// take takes stock for an order: {order, quantity} → 204, or 409 where there is not
// enough. For an order that took it before, nothing changes.
func (s *shop) take(w http.ResponseWriter, r *http.Request) {
	t := taken{}
	if !service.Read(w, r, &t) {
		return
	}
	t.SKU = r.PathValue("sku")
	if t.Order == "" || t.Quantity <= 0 {
		http.Error(w, "stock is taken for an order, one at least", http.StatusUnprocessableEntity)
		return
	}
	err := s.takeStock(r.Context(), t)
	if errors.Is(err, errTooFew) {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	if err != nil {
		service.Fail(w, r, "take stock", err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// list answers with what each order took.
func (s *shop) list(w http.ResponseWriter, r *http.Request) {
	all, err := s.allTaken(r.Context())
	if err != nil {
		service.Fail(w, r, "list what was taken", err)
		return
	}
	service.Answer(w, http.StatusOK, all)
}
