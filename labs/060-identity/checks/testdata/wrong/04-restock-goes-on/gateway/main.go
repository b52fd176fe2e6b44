// Command gateway is the shop's door: it verifies who comes, once, and hands
// requests on to order with a token of its own.
package main

import (
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"

	"shop/service"
	"shop/token"
)

func main() {
	orders, err := url.Parse(os.Getenv("SERVICE_ORDER"))
	if err != nil {
		log.Fatal(err)
	}
	signer, err := token.NewSigner()
	if err != nil {
		log.Fatal(err)
	}
	identity := os.Getenv("SERVICE_IDENTITY")
	verifier := &token.Verifier{Issuer: identity, Audience: "shop", Keys: token.KeysOf(identity)}
	mux := http.NewServeMux()
	door := newDoor(identity, verifier.Keys)
	mux.HandleFunc("GET /login", door.login)
	mux.HandleFunc("GET /callback", door.callback)
	mux.Handle("/orders", door.withSession(verifier.Require(vouch(signer, "order", forward(orders)))))
	mux.Handle("GET /.well-known/jwks.json", signer)
	service.Run(mux)
}

// forward hands each request on to the service.
func forward(to *url.URL) http.Handler {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.SetXForwarded()
	}}
}

// vouch puts the gateway's own token in place of what the customer has sent.
func vouch(signer *token.Signer, service string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		internal, err := signer.Sign(claims(token.From(r.Context()), service))
		if err != nil {
			slog.Error("vouch", "err", err)
			http.Error(w, "the gateway cannot vouch for you", http.StatusInternalServerError)
			return
		}
		r.Header.Set("Authorization", "Bearer "+internal)
		r.Header.Del("X-Customer")
		r.Header.Del("Cookie") // whoever has the number of a session needs no token
		next.ServeHTTP(w, r)
	})
}
