// Command gateway is the shop's door: it hands requests on to order.
package main

import (
	"log"
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
	mux := http.NewServeMux()
	identity := os.Getenv("SERVICE_IDENTITY")
	verifier := &token.Verifier{Issuer: identity, Audience: "shop", Keys: token.KeysOf(identity)}
	mux.Handle("/orders", verifier.Require(forward(orders)))
	service.Run(mux)
}

// forward hands each request on to the service.
func forward(to *url.URL) http.Handler {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.SetXForwarded()
		r.Out.Header.Set("X-Customer", token.From(r.In.Context()).Subject)
	}}
}
