package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// proxy passes each request on to the service.
func proxy(name string, target *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.URL.RawQuery = r.In.URL.RawQuery // as it came, also what cannot be read
			r.SetXForwarded()
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			slog.WarnContext(r.Context(), "pass on", "to", name, "path", r.URL.Path, "err", err)
			answer(w, http.StatusBadGateway, failure{"The service " + name + " does not answer.", name})
		},
	}
}

// failure is what a client is told of a service that does not answer.
type failure struct {
	Error   string `json:"error"`
	Service string `json:"service"`
}

// answer writes out as JSON.
func answer(w http.ResponseWriter, status int, out any) {
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(out); err != nil { // the client has gone
		slog.Warn("answer", "err", err)
	}
}
