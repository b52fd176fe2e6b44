package main

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
)

// traceHeader is that of the W3C trace context.
const traceHeader = "traceparent"

// traced carries the trace of each request on, or begins one, and logs it.
func traced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		trace := carryOn()
		r.Header.Set(traceHeader, trace) // what is passed on has the same headers
		w.Header().Set(traceHeader, trace)
		next.ServeHTTP(w, r)
		slog.InfoContext(r.Context(), "request", "method", r.Method, "path", r.URL.Path, traceHeader, trace)
	})
}

// carryOn returns a span of our own in the caller's trace, and in a new trace
// where the caller has none that can be read.
func carryOn() string {
	return "00-" + random(16) + "-" + random(8) + "-01"
}

func random(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
