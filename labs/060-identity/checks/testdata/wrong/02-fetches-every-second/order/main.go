// Command order takes orders, and shows customers their own.
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
	identity := os.Getenv("SERVICE_IDENTITY")
	verifier := &token.Verifier{Issuer: identity, Audience: "shop", Keys: token.KeysOf(identity)}
	service.Run(verifier.Require(mux))
}

// customer is who asks.
func customer(r *http.Request) string { return token.From(r.Context()).Subject }
