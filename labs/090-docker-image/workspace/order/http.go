package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"time"
)

// largest is how many bytes of an order are read.
const largest = 64 << 10

// routes answers
//
//	POST /orders       {"sku", "quantity"} → 201 {"id"}
//	GET  /orders/{id}  → 200 {"id", "sku", "quantity"}
//	GET  /live         → 200 while order answers at all
//	GET  /health       → 200 while orders can be stored
func routes(orders store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", func(w http.ResponseWriter, r *http.Request) {
		var o order
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, largest)).Decode(&o); err != nil || o.SKU == "" || o.Quantity < 1 {
			http.Error(w, `an order is {"sku": "lamp", "quantity": 2}`, http.StatusBadRequest)
			return
		}
		id, err := orders.add(r.Context(), o)
		answer(w, http.StatusCreated, map[string]string{"id": id}, err)
	})
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		o, err := orders.get(r.Context(), r.PathValue("id"))
		answer(w, http.StatusOK, o, err)
	})
	mux.HandleFunc("GET /live", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, map[string]string{"version": version}, nil)
	})
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		answer(w, http.StatusOK, map[string]string{"store": orders.String()}, orders.check(ctx))
	})
	return mux
}

func answer(w http.ResponseWriter, status int, body any, err error) {
	switch {
	case errors.Is(err, errUnknown):
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	case err != nil:
		log.Print(err)
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Printf("answer: %v", err) // the customer has gone
	}
}
