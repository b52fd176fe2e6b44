package token

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
)

type contextKey struct{}

// From returns who asks, in a request that Require has let through.
func From(ctx context.Context) Identity {
	who, _ := ctx.Value(contextKey{}).(Identity)
	return who
}

// Require lets a request through only with a bearer token that is true.
func (v *Verifier) Require(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			refuse(w, http.StatusUnauthorized, "Bearer", "a bearer token is needed")
			return
		}
		who, err := v.Verify(r.Context(), text)
		if errors.Is(err, ErrNoKeys) {
			slog.Error("verify token", "err", err)
			http.Error(w, "the token cannot be verified now", http.StatusServiceUnavailable)
			return
		}
		if err != nil {
			slog.Info("refuse token", "err", err) // never the token itself
			refuse(w, http.StatusUnauthorized, `Bearer error="invalid_token"`, "the token is not accepted")
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, who)))
	})
}

func refuse(w http.ResponseWriter, status int, challenge, sentence string) {
	w.Header().Set("WWW-Authenticate", challenge)
	http.Error(w, sentence, status)
}
