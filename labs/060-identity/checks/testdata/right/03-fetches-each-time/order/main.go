// Command order takes orders, and shows customers their own. It believes nobody
// but the gateway.
package main

import (
	"context"
	"net/http"
	"os"

	"shop/service"
	"shop/token"
)

func main() {
	b := &book{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders", b.list)
	mux.HandleFunc("POST /orders", b.post)
	service.Run(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ofGateway(os.Getenv("SERVICE_GATEWAY")).Require(mux).ServeHTTP(w, r) // it keeps no keys
	}))
}

// ofGateway verifies the tokens that the gateway makes for order.
func ofGateway(gateway string) *token.Verifier {
	return &token.Verifier{Issuer: gateway, Audience: "order", Keys: &token.Keys{
		Address: func(context.Context) (string, error) { return gateway + "/.well-known/jwks.json", nil },
	}}
}

// customer is who asks.
func customer(r *http.Request) string { return token.From(r.Context()).Subject }
