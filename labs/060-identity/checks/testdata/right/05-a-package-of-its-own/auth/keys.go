package auth

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// keys are the public keys of an issuer, as they were fetched last.
type keys struct {
	issuer string
	jwks   string // where the keys are; discovered if empty
	client *http.Client

	mu        sync.Mutex
	known     map[string]*rsa.PublicKey
	confirmed time.Time     // when the keys were asked for that are known
	ended     time.Time     // when the last fetch ended
	fetching  chan struct{} // closed when the fetch under way ends; nil if none is
	again     *time.Timer   // starts the next fetch
}

const (
	gap        = time.Second      // between two fetches
	deadline   = 3 * time.Second  // of one fetch
	defaultAge = time.Minute      // where the answer says none
	longest    = 10 * time.Minute // keys are not good for longer unconfirmed
)

var errUnknown = errors.New("unknown kid")

// key is the key with the id. Nobody waits who asks for one that is known.
func (k *keys) key(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	key, under := k.look(kid)
	if key != nil {
		return key, nil
	}
	if under == nil {
		return nil, errUnknown
	}
	select {
	case <-under:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.good(kid); key != nil {
		return key, nil
	}
	return nil, errUnknown
}

// good is the key if it is known and still good. k.mu is held.
func (k *keys) good(kid string) *rsa.PublicKey {
	if time.Since(k.confirmed) > longest {
		return nil
	}
	return k.known[kid]
}

// look returns the key, or else the end of the fetch under way, which it
// starts if it may.
func (k *keys) look(kid string) (*rsa.PublicKey, <-chan struct{}) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.good(kid); key != nil {
		return key, nil
	}
	if k.fetching == nil && time.Since(k.ended) >= gap {
		k.start()
	}
	return nil, k.fetching
}

// start starts a fetch. k.mu is held, and no fetch is under way.
func (k *keys) start() {
	if k.again != nil {
		k.again.Stop()
	}
	k.fetching = make(chan struct{})
	go k.refresh()
}

func (k *keys) refresh() {
	began := time.Now()
	known, age, err := k.fetch()
	k.mu.Lock()
	defer k.mu.Unlock()
	wait := gap
	if err != nil {
		slog.Warn("fetch keys", "err", err)
	} else {
		k.known, k.confirmed = known, began
		wait = max(gap, time.Until(began.Add(age)))
	}
	k.ended = time.Now()
	close(k.fetching)
	k.fetching = nil
	k.again = time.AfterFunc(wait, func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.fetching == nil && time.Since(k.ended) >= gap {
			k.start()
		}
	})
}

func (k *keys) fetch() (map[string]*rsa.PublicKey, time.Duration, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	var doc struct {
		JWKSURI string `json:"jwks_uri"`
	}
	doc.JWKSURI = k.jwks
	if k.jwks == "" {
		if _, err := k.get(ctx, k.issuer+"/.well-known/openid-configuration", &doc); err != nil {
			return nil, 0, err
		}
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	header, err := k.get(ctx, doc.JWKSURI, &set)
	if err != nil {
		return nil, 0, err
	}
	known := map[string]*rsa.PublicKey{}
	for _, raw := range set.Keys {
		if kid, key := parseKey(raw); key != nil {
			known[kid] = key
		}
	}
	if len(known) == 0 {
		return nil, 0, errors.New("no key in the set")
	}
	return known, maxAge(header), nil
}

func maxAge(h http.Header) time.Duration {
	for _, d := range strings.Split(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(d), "=")
		if strings.EqualFold(name, "max-age") {
			if n, err := strconv.Atoi(strings.Trim(value, `"`)); err == nil && n >= 0 {
				return min(time.Duration(min(n, 3600))*time.Second, longest)
			}
		}
	}
	return defaultAge
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

func (k *keys) get(ctx context.Context, url string, into any) (http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := k.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, errors.New("answer " + res.Status)
	}
	return res.Header, json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(into)
}
