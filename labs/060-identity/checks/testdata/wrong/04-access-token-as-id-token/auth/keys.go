package auth

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"sync"
	"time"
)

// keys are the public keys of an issuer.
type keys struct {
	issuer string
	jwks   string // where the keys are; discovered if empty
	client *http.Client

	fetching sync.Mutex // held while keys are fetched
	tried    time.Time  // guarded by fetching

	mu    sync.RWMutex
	known map[string]*rsa.PublicKey
}

func (v *keys) have(kid string) *rsa.PublicKey {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.known[kid]
}

func (v *keys) key(kid string) (*rsa.PublicKey, error) {
	if k := v.have(kid); k != nil {
		return k, nil
	}
	v.fetching.Lock()
	defer v.fetching.Unlock()
	if k := v.have(kid); k != nil {
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
	v.known = keys
	v.mu.Unlock()
	if k := keys[kid]; k != nil {
		return k, nil
	}
	return nil, errors.New("unknown kid")
}

func (v *keys) fetch() (map[string]*rsa.PublicKey, error) {
	var doc struct {
		JWKSURI string `json:"jwks_uri"`
	}
	doc.JWKSURI = v.jwks
	if v.jwks == "" {
		if err := v.get(v.issuer+"/.well-known/openid-configuration", &doc); err != nil {
			return nil, err
		}
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
		k.Use != "" && k.Use != "sig" || k.Alg != "" && k.Alg != "RS256" {
		return "", nil
	}
	n, err1 := base64.RawURLEncoding.DecodeString(k.N)
	e, err2 := base64.RawURLEncoding.DecodeString(k.E)
	if err1 != nil || err2 != nil || len(n) < 256 || len(e) == 0 || len(e) > 4 {
		return "", nil
	}
	return k.Kid, &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
}

func (v *keys) get(url string, into any) error {
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
