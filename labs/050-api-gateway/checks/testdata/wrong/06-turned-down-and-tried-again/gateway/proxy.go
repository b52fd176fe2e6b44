package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net"
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
		ModifyResponse: func(r *http.Response) error {
			r.Header.Del(traceHeader) // the answer has the one of the request
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			slog.WarnContext(r.Context(), "pass on", "to", name, "path", r.URL.Path, "err", err)
			if errors.Is(err, errOpen) {
				w.Header().Set("Retry-After", "1")
			}
			answer(w, statusOf(err), failure{"The service " + name + " does not answer.", name})
		},
	}
}

// statusOf says what went wrong: 503 to come again later, 504 that nothing
// came in time, 502 that what came was no answer.
func statusOf(err error) int {
	late, is := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, errOpen), errors.Is(err, errNobody):
		return http.StatusServiceUnavailable
	case is && late.Timeout():
		return http.StatusGatewayTimeout
	}
	return http.StatusBadGateway
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
