// Command order takes orders, and shows customers their own. It believes nobody
// but the gateway.
package main

import (
	"context"
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
	identity := os.Getenv("SERVICE_IDENTITY")
	direct := (&token.Verifier{Issuer: identity, Audience: "shop", Keys: token.KeysOf(identity)}).Require(mux)
	inside := ofGateway(os.Getenv("SERVICE_GATEWAY"))
	service.Run(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if _, err := inside.Verify(r.Context(), text); err == nil {
			inside.Require(mux).ServeHTTP(w, r)
			return
		}
		direct.ServeHTTP(w, r) // as it was in step 2
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
