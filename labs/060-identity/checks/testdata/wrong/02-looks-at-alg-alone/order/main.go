// Command order takes orders, and shows customers their own.
package main

import (
	"net/http"
	"os"

	"shop/auth"
	"shop/service"
)

func main() {
	b := &book{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders", b.list)
	mux.HandleFunc("POST /orders", b.post)
	service.Run(auth.New(os.Getenv("SERVICE_IDENTITY")).Handler(mux))
}

// customer is who asks.
func customer(r *http.Request) string {
	sub, _ := auth.Claims(r.Context())["sub"].(string)
	return sub
}
