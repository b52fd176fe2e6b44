// Command order takes orders. Its instances share no database: what was ordered
// stands in the order's id, so that each of them knows every order.
package main

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"shop/service"
)

// order is what a customer wants.
type order struct {
	ID       string `json:"id,omitempty"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

var (
	sku = regexp.MustCompile(`^[a-z]+$`)
	id  = regexp.MustCompile(`^([a-z]+)-([1-9][0-9]{0,2})-[A-Z0-9]+$`) // lamp-2-K4F7Q2
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", place)
	mux.HandleFunc("GET /orders/{id}", find)
	service.Run(mux, true)
}

func place(w http.ResponseWriter, r *http.Request) {
	var o order
	if !service.Read(w, r, &o) {
		return
	}
	if !sku.MatchString(o.SKU) || o.Quantity < 1 || o.Quantity > 999 {
		http.Error(w, "an order has a sku and a quantity from 1 to 999", http.StatusUnprocessableEntity)
		return
	}
	o.ID = fmt.Sprintf("%s-%d-%s", o.SKU, o.Quantity, rand.Text()[:6])
	service.Answer(w, http.StatusCreated, o)
}

func find(w http.ResponseWriter, r *http.Request) {
	parts := id.FindStringSubmatch(r.PathValue("id"))
	if parts == nil {
		http.Error(w, "no such order", http.StatusNotFound)
		return
	}
	quantity, _ := strconv.Atoi(parts[2]) // three digits at most
	service.Answer(w, http.StatusOK, order{ID: parts[0], SKU: parts[1], Quantity: quantity})
}
