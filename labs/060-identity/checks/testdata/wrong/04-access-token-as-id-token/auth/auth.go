// Package auth lets requests through that bring a right token.
package auth

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"shop/token"
)

const leeway = 30 // seconds

// Verifier verifies tokens of one issuer for one audience.
type Verifier struct {
	issuer, audience string
	keys             *keys
}

// New makes a verifier of the tokens of issuer for the audience. Where jwks is
// empty, the address of the keys is discovered.
func New(issuer, audience, jwks string) *Verifier {
	return &Verifier{issuer: issuer, audience: audience, keys: &keys{issuer: issuer, jwks: jwks, client: &http.Client{Timeout: 5 * time.Second}}}
}

// For is a verifier for another audience, with the same keys.
func (v *Verifier) For(audience string) *Verifier {
	return &Verifier{issuer: v.issuer, audience: audience, keys: v.keys}
}

type claimsKey struct{}

// Claims are the verified claims of the request.
func Claims(ctx context.Context) map[string]any {
	c, _ := ctx.Value(claimsKey{}).(map[string]any)
	return c
}

// Handler calls next with requests that have a right token, and refuses the others.
func (v *Verifier) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, err := v.Request(r)
		if err != nil {
			slog.Warn("refused", "err", err)
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "a right token is needed", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), claimsKey{}, claims)))
	})
}

// Request verifies the token of the request.
func (v *Verifier) Request(r *http.Request) (map[string]any, error) {
	all := r.Header.Values("Authorization")
	if len(all) != 1 {
		return nil, fmt.Errorf("%d Authorization headers", len(all))
	}
	scheme, text, ok := strings.Cut(all[0], " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return nil, errors.New("no bearer token")
	}
	return v.Verify(r.Context(), text)
}

// Verify verifies a token and returns its claims.
func (v *Verifier) Verify(ctx context.Context, text string) (map[string]any, error) {
	t, err := token.Parse(text)
	if err != nil {
		return nil, err
	}
	if alg, _ := t.Header["alg"].(string); alg != "RS256" {
		return nil, errors.New("alg is not RS256")
	}
	if _, has := t.Header["crit"]; has {
		return nil, errors.New("crit is not understood")
	}
	kid, _ := t.Header["kid"].(string)
	if kid == "" {
		return nil, errors.New("no kid")
	}
	key, err := v.keys.key(kid)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(t.Signed))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], t.Signature); err != nil {
		return nil, err
	}
	return t.Claims, v.claims(t.Claims)
}

func (v *Verifier) claims(c map[string]any) error {
	if iss, _ := c["iss"].(string); iss != v.issuer {
		return errors.New("wrong iss")
	}
	if !forUs(c["aud"], v.audience) {
		return errors.New("wrong aud")
	}
	if sub, _ := c["sub"].(string); sub == "" {
		return errors.New("no sub")
	}
	now := float64(time.Now().UnixMilli()) / 1000
	exp, ok := c["exp"].(float64)
	if !ok || now >= exp+leeway {
		return errors.New("no exp, or it is past")
	}
	if raw, has := c["nbf"]; has {
		nbf, ok := raw.(float64)
		if !ok || now < nbf-leeway {
			return errors.New("nbf is ahead, or no number")
		}
	}
	return nil
}

func forUs(aud any, audience string) bool {
	switch aud := aud.(type) {
	case string:
		return aud == audience
	case []any:
		for _, a := range aud {
			if a == audience {
				return true
			}
		}
	}
	return false
}

// Scope lets requests through whose verified claims have the scope.
func Scope(scope string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		have, _ := Claims(r.Context())["scope"].(string)
		if !slices.Contains(strings.Split(have, " "), scope) {
			w.Header().Set("WWW-Authenticate", fmt.Sprintf("Bearer error=\"insufficient_scope\", scope=%q", scope))
			http.Error(w, "the token does not have the scope "+scope, http.StatusForbidden)
			return
		}
		next(w, r)
	}
}
