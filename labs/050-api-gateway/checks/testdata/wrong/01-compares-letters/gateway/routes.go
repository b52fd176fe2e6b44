package main

import (
	"net/http"
	"net/url"
	"strings"
)

// routes leads each path to its service.
func routes(instances map[string][]*url.URL) http.Handler {
	services := map[string]http.Handler{
		"/orders": proxy("order", instances["order"][0]), "/products": proxy("product", instances["product"][0]),
		"/deliveries": proxy("delivery", instances["delivery"][0]),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for prefix, to := range services {
			if strings.HasPrefix(r.URL.Path, prefix) {
				to.ServeHTTP(w, r)
				return
			}
		}
		http.NotFound(w, r)
	})
}
