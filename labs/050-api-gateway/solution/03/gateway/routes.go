package main

import (
	"net/http"
	"os"
)

// routes leads each path to its service, whose instances register.
func routes() http.Handler {
	mux := http.NewServeMux()
	found := &registry{token: os.Getenv("REGISTRY_TOKEN"), pools: map[string]*pool{}}
	for prefix, name := range map[string]string{"/orders": "order", "/products": "product", "/deliveries": "delivery"} {
		found.pools[name] = &pool{}
		to := proxy(name, found.pools[name])
		for _, path := range []string{prefix, prefix + "/"} { // itself, and all below it
			mux.Handle(path, to)
		}
	}
	mux.HandleFunc("PUT /registry/{service}/{instance}", found.put)
	mux.HandleFunc("DELETE /registry/{service}/{instance}", found.remove)
	return mux
}
