package main

import (
	"crypto/rand"
	"net/http"
	"sync"

	"shop/service"
)

// order is one order, as HTTP shows it.
type order struct {
	ID       string `json:"id"`
	Customer string `json:"customer"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// book keeps the orders of this process.
type book struct {
	mu     sync.Mutex
	orders []order
}

// post places an order: {sku, quantity} → 201 with the whole order.
func (b *book) post(w http.ResponseWriter, r *http.Request) {
	var o order
	if !service.Read(w, r, &o) {
		return
	}
	if o.SKU == "" || o.Quantity < 1 {
		http.Error(w, "an order needs a sku, and a quantity above zero", http.StatusUnprocessableEntity)
		return
	}
	o.ID, o.Customer = rand.Text(), customer(r)
	b.mu.Lock()
	b.orders = append(b.orders, o)
	b.mu.Unlock()
	service.Answer(w, http.StatusCreated, o)
}

// list answers with the orders of who asks.
func (b *book) list(w http.ResponseWriter, r *http.Request) {
	who, own := customer(r), []order{}
	b.mu.Lock()
	for _, o := range b.orders {
		if o.Customer == who {
			own = append(own, o)
		}
	}
	b.mu.Unlock()
	service.Answer(w, http.StatusOK, own)
}
