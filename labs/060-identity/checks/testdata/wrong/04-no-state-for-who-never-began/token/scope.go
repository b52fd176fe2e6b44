package token

import (
	"net/http"
	"slices"
)

// RequireScope lets a request through only where the token allows it.
func RequireScope(scope string, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(From(r.Context()).Scopes, scope) {
			refuse(w, http.StatusForbidden, `Bearer error="insufficient_scope", scope="`+scope+`"`, "the token does not allow this")
			return
		}
		next(w, r)
	})
}
