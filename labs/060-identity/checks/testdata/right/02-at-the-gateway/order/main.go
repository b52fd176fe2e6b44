// Command order takes orders, and shows customers their own.
package main

import (
	"net/http"

	"shop/service"
)

func main() {
	b := &book{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders", b.list)
	mux.HandleFunc("POST /orders", b.post)
	service.Run(mux)
}

// customer is who asks.
func customer(r *http.Request) string { return r.Header.Get("X-Customer") }
