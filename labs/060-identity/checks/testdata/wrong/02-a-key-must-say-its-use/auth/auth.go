// Package auth lets requests through that bring a right token.
package auth

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"time"

	"shop/token"
)

const (
	leeway   = 30 // seconds
	audience = "shop"
)

// Verifier verifies tokens of one issuer.
type Verifier struct {
	issuer string
	client *http.Client

	fetching sync.Mutex // held while keys are fetched
	tried    time.Time  // guarded by fetching

	mu   sync.RWMutex
	keys map[string]*rsa.PublicKey
}

// New makes a verifier of the tokens of issuer.
func New(issuer string) *Verifier {
	return &Verifier{issuer: issuer, client: &http.Client{Timeout: 5 * time.Second}}
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
	key, err := v.key(kid)
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
	if !forUs(c["aud"]) {
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

func forUs(aud any) bool {
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

func (v *Verifier) known(kid string) *rsa.PublicKey {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.keys[kid]
}

func (v *Verifier) key(kid string) (*rsa.PublicKey, error) {
	if k := v.known(kid); k != nil {
		return k, nil
	}
	v.fetching.Lock()
	defer v.fetching.Unlock()
	if k := v.known(kid); k != nil {
		return k, nil
	}
	if time.Since(v.tried) < time.Second {
		return nil, errors.New("unknown kid")
	}
	keys, err := v.fetch()
	v.tried = time.Now()
	if err != nil {
		return nil, fmt.Errorf("fetch keys: %w", err)
	}
	v.mu.Lock()
	v.keys = keys
	v.mu.Unlock()
	if k := keys[kid]; k != nil {
		return k, nil
	}
	return nil, errors.New("unknown kid")
}

func (v *Verifier) fetch() (map[string]*rsa.PublicKey, error) {
	var doc struct {
		JWKSURI string `json:"jwks_uri"`
	}
	if err := v.get(v.issuer+"/.well-known/openid-configuration", &doc); err != nil {
		return nil, err
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := v.get(doc.JWKSURI, &set); err != nil {
		return nil, err
	}
	keys := map[string]*rsa.PublicKey{}
	for _, raw := range set.Keys {
		if kid, k := parseKey(raw); k != nil {
			keys[kid] = k
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("no key in the set")
	}
	return keys, nil
}

func parseKey(raw []byte) (string, *rsa.PublicKey) {
	var k struct{ Kty, Kid, Use, Alg, N, E string }
	if json.Unmarshal(raw, &k) != nil || k.Kty != "RSA" || k.Kid == "" ||
		k.Use != "sig" || k.Alg != "RS256" {
		return "", nil
	}
	n, err1 := base64.RawURLEncoding.DecodeString(k.N)
	e, err2 := base64.RawURLEncoding.DecodeString(k.E)
	if err1 != nil || err2 != nil || len(n) < 256 || len(e) == 0 || len(e) > 4 {
		return "", nil
	}
	return k.Kid, &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
}

func (v *Verifier) get(url string, into any) error {
	res, err := v.client.Get(url)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return errors.New("answer " + res.Status)
	}
	return json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(into)
}
