// Command order takes orders, and shows customers their own. It believes nobody
// but the gateway.
package main

import (
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
	service.Run(ofIdentity(os.Getenv("SERVICE_IDENTITY")).Require(mux))
}

// ofIdentity verifies once more what the gateway has verified.
func ofIdentity(issuer string) *token.Verifier {
	return &token.Verifier{Issuer: issuer, Audience: "shop", Keys: token.KeysOf(issuer)}
}

// customer is who asks.
func customer(r *http.Request) string { return token.From(r.Context()).Subject }
