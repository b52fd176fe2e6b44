package main

import (
	"net/http"

	"shop/token"
)

// allowed lets a request through where the token has the scope of its method.
func allowed(next http.Handler) http.Handler {
	read := token.RequireScope("orders:read", next.ServeHTTP)
	write := token.RequireScope("orders:write", next.ServeHTTP)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			read.ServeHTTP(w, r)
			return
		}
		write.ServeHTTP(w, r)
	})
}
