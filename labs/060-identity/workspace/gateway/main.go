// Command gateway is the shop's door: it hands requests on to order.
package main

import (
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"

	"shop/service"
)

func main() {
	orders, err := url.Parse(os.Getenv("SERVICE_ORDER"))
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/orders", forward(orders))
	service.Run(mux)
}

// forward hands each request on to the service.
func forward(to *url.URL) http.Handler {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.SetXForwarded()
	}}
}
