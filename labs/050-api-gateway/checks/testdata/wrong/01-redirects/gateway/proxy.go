package main

import (
	"net/http"
	"net/url"
)

// proxy leads the client to the service.
func proxy(_ string, target *url.URL) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, target.String()+r.URL.RequestURI(), http.StatusTemporaryRedirect)
	})
}
