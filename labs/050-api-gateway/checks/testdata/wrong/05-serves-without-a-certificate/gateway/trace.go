package main

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
)

// traceHeader is that of the W3C trace context.
const traceHeader = "traceparent"

var (
	parent = regexp.MustCompile(`^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$`)
	zeros  = regexp.MustCompile(`-0+-`) // ids that name nothing
)

// traced carries the trace of each request on, or begins one, and logs it.
func traced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		trace := carryOn(r.Header.Get(traceHeader))
		r.Header.Set(traceHeader, trace) // what is passed on has the same headers
		w.Header().Set(traceHeader, trace)
		next.ServeHTTP(w, r)
		slog.InfoContext(r.Context(), "request", "method", r.Method, "path", r.URL.Path, traceHeader, trace)
	})
}

// carryOn returns a span of our own in the caller's trace, and in a new trace
// where the caller has none that can be read.
func carryOn(from string) string {
	if !parent.MatchString(from) || zeros.MatchString(from) {
		return "00-" + random(16) + "-" + random(8) + "-01"
	}
	parts := strings.Split(from, "-")
	parts[2] = random(8)
	return strings.Join(parts, "-")
}

func random(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
