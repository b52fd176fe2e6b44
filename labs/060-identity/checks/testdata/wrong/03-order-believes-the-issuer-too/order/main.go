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
	gateway := os.Getenv("SERVICE_GATEWAY")
	internal := auth.New(gateway, "order", gateway+"/.well-known/jwks.json")
	outer := auth.New(os.Getenv("SERVICE_IDENTITY"), "order", "")
	service.Run(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := internal.Request(r); err != nil {
			outer.Handler(mux).ServeHTTP(w, r)
			return
		}
		internal.Handler(mux).ServeHTTP(w, r)
	}))
}

// customer is who asks.
func customer(r *http.Request) string {
	sub, _ := auth.Claims(r.Context())["sub"].(string)
	return sub
}
