package main

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
)

var target *url.URL

// routes leads each path to its service. instances has the addresses of each
// service by its name: "order", "product", "delivery".
func routes(instances map[string][]*url.URL) http.Handler {
	mux := http.NewServeMux()
	to := proxy()
	for prefix, name := range map[string]string{"/orders": "order", "/products": "product", "/deliveries": "delivery"} {
		lead := func(w http.ResponseWriter, r *http.Request) {
			target = instances[name][0]
			slog.Info("pass on", "method", r.Method, "path", r.URL.Path, "to", name)
			to.ServeHTTP(w, r)
		}
		mux.HandleFunc(prefix, lead)
		mux.HandleFunc(prefix+"/", lead)
	}
	return mux
}

func nameOf(path string) string {
	first := strings.Split(path, "/")[1]
	return map[string]string{"orders": "order", "products": "product", "deliveries": "delivery"}[first]
}
