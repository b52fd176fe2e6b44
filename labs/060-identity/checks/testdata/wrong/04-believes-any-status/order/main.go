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
	mux.Handle("GET /orders", token.RequireScope("orders:read", b.list))
	mux.Handle("POST /orders", token.RequireScope("orders:write", b.post))
	service.Run(ofGateway(os.Getenv("SERVICE_GATEWAY")).Require(mux))
}

// ofGateway verifies the tokens that the gateway makes for order.
func ofGateway(gateway string) *token.Verifier {
	return &token.Verifier{Issuer: gateway, Audience: "order", Keys: &token.Keys{
		Address: func(context.Context) (string, error) { return gateway + "/.well-known/jwks.json", nil },
	}}
}

// customer is who asks.
func customer(r *http.Request) string { return token.From(r.Context()).Subject }
