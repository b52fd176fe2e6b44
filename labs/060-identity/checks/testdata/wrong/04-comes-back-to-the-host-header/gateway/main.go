// Command gateway is the shop's door: it hands requests on to order.
package main

import (
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"time"

	"shop/auth"
	"shop/service"
)

func main() {
	orders, err := url.Parse(os.Getenv("SERVICE_ORDER"))
	if err != nil {
		log.Fatal(err)
	}
	signer, err := auth.NewSigner()
	if err != nil {
		log.Fatal(err)
	}
	verifier := auth.New(os.Getenv("SERVICE_IDENTITY"), "shop", "")
	mux := http.NewServeMux()
	d := newDoor(verifier)
	mux.HandleFunc("GET /login", d.login)
	mux.HandleFunc("GET /callback", d.callback)
	mux.Handle("/orders", d.signedIn(verifier.Handler(exchange(signer, "order", forward(orders)))))
	mux.HandleFunc("GET /.well-known/jwks.json", func(w http.ResponseWriter, _ *http.Request) {
		service.Answer(w, http.StatusOK, signer.JWKS())
	})
	service.Run(mux)
}

// exchange gives the request an internal token for the service in place of the
// customer's.
func exchange(signer *auth.Signer, audience string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of := auth.Claims(r.Context())
		now := time.Now().Unix()
		claims := map[string]any{
			"iss": os.Getenv("SERVICE_GATEWAY"), "aud": audience,
			"sub": of["sub"], "iat": now, "exp": now + 30,
		}
		if scope, has := of["scope"]; has {
			claims["scope"] = scope
		}
		text, err := signer.Sign(claims)
		if err != nil {
			slog.Error("sign", "err", err)
			http.Error(w, "cannot sign", http.StatusInternalServerError)
			return
		}
		r.Header.Set("Authorization", "Bearer "+text)
		r.Header.Del("X-Customer")
		next.ServeHTTP(w, r)
	})
}

// forward hands each request on to the service.
func forward(to *url.URL) http.Handler {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.SetXForwarded()
	}}
}
