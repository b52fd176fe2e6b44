// Command order takes orders, and shows customers their own. It believes nobody
// but the gateway.
package main

import (
	"net/http"
	"os"
	"strings"

	"shop/service"
	"shop/token"
)

func main() {
	b := &book{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders", b.list)
	mux.HandleFunc("POST /orders", b.post)
	gateway := os.Getenv("SERVICE_GATEWAY")
	service.Run(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		t, err := token.Parse(text)
		if err != nil || t.Claims["iss"] != gateway || t.Claims["aud"] != "order" {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "only through the gateway", http.StatusUnauthorized)
			return
		}
		r.Header.Set("X-Customer", t.Claims["sub"].(string))
		mux.ServeHTTP(w, r)
	}))
}

// customer is who asks.
func customer(r *http.Request) string { return r.Header.Get("X-Customer") }
