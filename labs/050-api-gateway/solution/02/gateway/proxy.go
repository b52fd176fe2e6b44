package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httputil"
)

// proxy passes each request on to the service: transport sends it to one of its
// instances.
func proxy(name string, transport http.RoundTripper) http.Handler {
	return &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
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
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(out); err != nil { // the client has gone
		slog.Warn("answer", "err", err)
	}
}
