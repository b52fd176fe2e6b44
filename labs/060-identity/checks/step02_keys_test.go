//go:build lab

package checks

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cnalab/labs/check"
)

// The keys are found by discovery and kept; what else is in the set does no harm, and a new key is found.
func TestStep02_Keys(t *testing.T) {
	t.Parallel()
	s := open(t)
	i := s.issuer
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	s.Must(err, "The check could not make a key.")
	curve := map[string]any{"kty": "EC", "crv": "P-256", "kid": "curve", "use": "sig", "x": encode(ec.X.FillBytes(make([]byte, 32))), "y": encode(ec.Y.FillBytes(make([]byte, 32)))}
	unfit := func(kid string, change map[string]any) map[string]any { // a right key but for what is changed; nil takes it out
		return claims(secondKey().named(kid).jwk()).with(change)
	}
	junk := []map[string]any{curve, unfit("locked", claims{"use": "enc", "alg": nil}), unfit("tls", claims{"use": "tls", "alg": nil}),
		unfit("wrapping", claims{"use": nil, "alg": "RSA-OAEP"}), unfit("pss", claims{"alg": "PS256"}), unfit("disguised", claims{"kty": "oct"}), {"kty": "oct", "kid": "secret", "k": encode([]byte("secret"))}, {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"},
		{"kty": "RSA", "kid": "empty"}, {"kty": "OKP", "kid": "other", "crv": "Ed25519", "x": "AAAA"}, {"note": "no key at all"}}
	i.publish(append(junk, i.signer.jwk())...)
	s.passes("whose key stands in the JWKS among others that are of no use", i.right())
	const next = "Skip what is no RSA key for signatures, and look up keys by kid."
	s.refused("that names a key for encryption", secondKey().named("locked").token(i.claims()), next)
	s.refused("that names a key for something else than signatures", secondKey().named("tls").token(i.claims()), next)
	s.refused("that names a key for another algorithm", secondKey().named("wrapping").token(i.claims()), next)
	s.refused("that names a key for another algorithm", secondKey().named("pss").token(i.claims()), next)
	s.refused("that names a key whose kty is not RSA", secondKey().named("disguised").token(i.claims()), next)
	s.refused("that names a key of another kind", strangerKey().named("curve").token(i.claims()), next)
	s.refused("that names a secret of the JWKS", hs256(header{"alg": "HS256", "kid": "secret"}, i.claims(), []byte("secret")), next)
	s.refused("that names a key without a modulus", strangerKey().named("empty").token(i.claims()), next)
	before := i.fetched()
	s.Within(2500*time.Millisecond, func() bool {
		s.passes("that is right", i.right())
		return i.fetched() > before+1
	})
	if n := i.fetched() - before; n > 1 {
		s.NotYet(check.Finding{
			Say: "The keys are fetched again though they are known.", Got: fmt.Sprintf("%d times, for tokens of a known key alone", n), Want: "once", At: "token",
			Next: "Keep the keys, and fetch again where a token names one that you do not have.",
		})
	}
	i.publish(i.signer.jwk(), unfit(secondKey().kid, claims{"use": nil, "alg": nil})) // one that says nothing of its use is of use
	token := secondKey().token(i.claims())
	s.AwaitServices(4*time.Second, func() *check.Finding {
		if got := s.get(token); got.Status != http.StatusOK {
			return &check.Finding{
				Say: "The issuer has published a new key, and a token of that key is still refused.", Got: short(got), Want: "200, within a second or two", At: "token",
				Next: "Where a token names a kid that you do not know, fetch the keys again.", Output: s.printed(),
			}
		}
		return nil
	})
}

// Tokens with made-up key ids do not make the shop ask for keys again and again.
func TestStep02_Bounded(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.issuer.set("slow", time.Hour)
	s.flood(40, 40, 4) // all at once, and before any key is known
	s.comesBack()
	s.flood(60, 4, 5)
}

// So they do not while the fetch fails.
func TestStep02_BoundedOutage(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.issuer.set("error", time.Hour)
	s.flood(60, 4, 5)
	s.issuer.set("away", time.Hour)
	s.flood(60, 4, 5)
	s.comesBack()
}

// comesBack has the issuer answer as it should, and waits until that is known.
func (s *shop) comesBack() {
	s.Helper()
	s.issuer.set("", time.Hour)
	s.AwaitServices(5*time.Second, func() *check.Finding {
		if got := s.get(s.issuer.right()); got.Status != http.StatusOK {
			return &check.Finding{
				Say: "The identity service answers again, and right tokens are still refused.", Got: short(got), Want: "200, within a second or two", At: s.FirstFile(keyFiles...),
				Next: "Where a fetch has failed, fetch again for the next unknown kid, a second later.", Output: s.printed(),
			}
		}
		return nil
	})
}

// Where a fetch fails, the keys that are known stay.
func TestStep02_FailedFetch(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.passes("that is right", s.issuer.right())
	for _, broken := range []string{"cut", "garbage", "error"} {
		s.issuer.set(broken, time.Hour)
		before := s.issuer.fetched()
		s.Within(4*time.Second, func() bool { // until one fetch is made for a made-up kid, and fails
			s.get(strangerKey().named(fresh("kid")).token(s.issuer.claims()))
			return s.issuer.fetched() > before
		})
		if got := s.get(s.issuer.right()); got.Status != http.StatusOK {
			s.NotYet(check.Finding{
				Say: "A fetch of the keys has failed, and right tokens of known keys are refused.", Got: short(got), Want: http.StatusOK, At: s.FirstFile(keyFiles...),
				Next: "Put new keys in place of the old ones only where the answer is 200 and has keys.", Output: s.printed(),
			})
		}
	}
	if got := s.get(strangerKey().token(s.issuer.claims())); got.Status/100 == 2 {
		s.NotYet(check.Finding{Say: "Keys are believed from an answer whose status is 500.", Got: short(got), Want: http.StatusUnauthorized, At: s.FirstFile(keyFiles...), Next: "Look at the status before you read the answer."})
	}
}

// keyFiles are where the keys may be kept.
var keyFiles = []string{keysFile, "token/verify.go", "token"}

// flood sends tokens with random kids, and looks how often the keys were fetched.
func (s *shop) flood(tokens, sides, most int) {
	s.Helper()
	s.floodAt(s.gateway, s.issuer, s.issuer.claims(), tokens, sides, most)
}

// floodAt sends them to that address, where the keys are the issuer's.
func (s *shop) floodAt(url string, i *issuer, c claims, tokens, sides, most int) {
	s.Helper()
	before, began := i.fetched(), time.Now()
	all := make(chan string, tokens)
	for range tokens {
		all <- strangerKey().named(fresh("kid")).token(c)
	}
	close(all)
	var let, answered atomic.Int64
	var asking sync.WaitGroup
	for range sides {
		asking.Go(func() {
			for token := range all {
				got, err := try(s.Context, http.MethodGet, url+"/orders", nil, bearer(token))
				if err == nil {
					answered.Add(1)
				}
				if err == nil && got.Status/100 == 2 {
					let.Add(1)
				}
			}
		})
	}
	asking.Wait()
	if let.Load() > 0 {
		s.NotYet(check.Finding{Say: "Tokens with made-up key ids are let through.", Got: let.Load(), Want: "none of them", At: "token", Next: "Refuse a token whose key the issuer does not have."})
	}
	if answered.Load() == 0 {
		s.NotYet(check.Finding{
			Say: "Tokens with made-up key ids get no answer.", Got: fmt.Sprintf("none for %d", tokens), Want: http.StatusUnauthorized, At: s.FirstFile(keyFiles...),
			Next: "Refuse a token whose key the issuer does not have.", Output: s.printed(),
		})
	}
	most += int(time.Since(began).Seconds()) * 2 // on a slow machine
	if n := i.fetched() - before; n > most {
		s.NotYet(check.Finding{
			Say: "Tokens with made-up key ids make the shop fetch the keys too often: whoever sends many brings the identity service down.",
			Got: fmt.Sprintf("%d fetches for %d tokens in %s", n, tokens, time.Since(began).Round(10*time.Millisecond)), Want: "one a second at the most", At: s.FirstFile(keyFiles...),
			Next: "Note under a lock when you fetch, before you fetch and whatever comes of it, and fetch again no sooner than a second later.",
		})
	}
}
