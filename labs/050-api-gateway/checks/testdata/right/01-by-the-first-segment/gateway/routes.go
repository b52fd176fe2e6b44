package main

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// routes leads each path to its service, by its first segment.
func routes(instances map[string][]*url.URL) http.Handler {
	services := map[string]http.Handler{
		"orders": proxy("order", instances["order"][0]), "products": proxy("product", instances["product"][0]),
		"deliveries": proxy("delivery", instances["delivery"][0]),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		to, known := services[first]
		if clean := path.Clean(r.URL.Path); !known || clean != strings.TrimSuffix(r.URL.Path, "/") {
			http.NotFound(w, r)
			return
		}
		to.ServeHTTP(w, r)
	})
}
