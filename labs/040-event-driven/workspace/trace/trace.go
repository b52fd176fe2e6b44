// Package trace carries the W3C trace context from one service to the next,
// so that one order can be followed through all of them. It knows nothing of
// HTTP routes and topics.
package trace

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"
)

// Header is its name, in HTTP and in Kafka alike.
const Header = "traceparent"

type contextKey struct{}

// With returns a context that carries on the trace of the parent; an empty or
// broken parent begins a new trace.
func With(ctx context.Context, parent string) context.Context {
	parts := strings.Split(parent, "-")
	if len(parts) != 4 || len(parts[1]) != 32 {
		return context.WithValue(ctx, contextKey{}, "00-"+random(16)+"-"+random(8)+"-01")
	}
	parts[2] = random(8) // the same trace, a span of our own
	return context.WithValue(ctx, contextKey{}, strings.Join(parts, "-"))
}

// Parent returns what to send on: the context's traceparent, or "".
func Parent(ctx context.Context) string {
	parent, _ := ctx.Value(contextKey{}).(string)
	return parent
}

// Handler carries on the trace of each request.
func Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := With(r.Context(), r.Header.Get(Header))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func random(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return hex.EncodeToString(b)
}
