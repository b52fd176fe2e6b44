package main

import (
	"net/http"
	"net/url"
)

// routes leads each path to its service. instances has the addresses of each
// service by its name: "order", "product", "delivery".
func routes(instances map[string][]*url.URL) http.Handler {
	mux := http.NewServeMux()
	for prefix, name := range map[string]string{"/orders": "order", "/products": "product", "/deliveries": "delivery"} {
		to := proxy(name, newPool(instances[name]))
		for _, path := range []string{prefix, prefix + "/"} { // itself, and all below it
			mux.Handle(path, to)
		}
	}
	return mux
}
