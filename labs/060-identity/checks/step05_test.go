//go:build lab

package checks

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cnalab/labs/check"
)

const keysFile = "token/keys.go"

// load sends right tokens from two sides until stop is called, which returns how
// many were sent, and the first that was refused.
func (s *shop) load(token func() string) (stop func() (sent int64, refused *answer)) {
	ctx, cancel := context.WithCancel(s.Context)
	var sent atomic.Int64
	var mu sync.Mutex
	var first *answer
	var sides sync.WaitGroup
	for range 2 {
		sides.Go(func() {
			for ctx.Err() == nil {
				got, err := try(ctx, http.MethodGet, s.gateway+"/orders", nil, bearer(token()))
				if ctx.Err() != nil {
					return
				}
				sent.Add(1)
				if err == nil && got.Status == http.StatusOK {
					continue
				}
				if err != nil {
					got = answer{Body: err.Error()}
				}
				mu.Lock()
				if first == nil {
					first = &got
				}
				mu.Unlock()
			}
		})
	}
	return func() (int64, *answer) {
		cancel()
		sides.Wait()
		return sent.Load(), first
	}
}

// gone waits until a token is refused.
func (s *shop) gone(token string, within time.Duration) {
	s.Helper()
	s.AwaitServices(within, func() *check.Finding {
		got := s.get(token)
		if got.Status == http.StatusUnauthorized {
			return nil
		}
		return &check.Finding{
			Say: "The issuer has removed a key, and a token of that key still passes though the time of the keys is over.", Got: short(got), Want: "401, once max-age is over", At: s.FirstFile(keyFiles...),
			Next: "Fetch the keys again when the max-age of the answer is over, and keep none that is no longer there.", Output: s.printed(),
		}
	})
}

// All through a rotation right tokens pass, and the removed key's fail after it.
func TestStep05_Rotation(t *testing.T) {
	t.Parallel()
	s := open(t)
	i := s.issuer
	old, next := firstKey(), secondKey()
	i.set("", time.Second)
	s.passes("that is right", i.right())
	var signing atomic.Pointer[signer]
	signing.Store(&old)
	stop := s.load(func() string { return signing.Load().token(i.claims()) })
	before := i.fetched()
	i.publish(old.jwk(), next.jwk())
	s.fetchedAgain(before, "after the next key was published")
	signing.Store(&next)
	oldToken := old.token(i.claims())
	s.passes("of the old key, in the overlap", oldToken)
	s.passes("of the new key, in the overlap", next.token(i.claims()))
	i.publish(next.jwk())
	s.gone(oldToken, 5*time.Second)
	sent, refused := stop()
	if refused != nil {
		s.NotYet(check.Finding{
			Say: "While the keys rotated a right token was refused.", Got: short(*refused), Want: fmt.Sprintf("200 for each of %d", sent), At: s.FirstFile(keyFiles...),
			Next: "Let the keys that you have stand until the new ones have come.", Output: s.printed(),
		})
	}
	s.passes("of the new key, after the overlap", next.token(i.claims()))
}

// fetchedAgain waits until the keys were fetched once more.
func (s *shop) fetchedAgain(before int, when string) {
	s.Helper()
	s.AwaitServices(6*time.Second, func() *check.Finding {
		if s.issuer.fetched() > before {
			return nil
		}
		return &check.Finding{
			Say: fmt.Sprintf("The keys are not fetched again %s, even when no request comes.", when), Got: "no fetch", Want: "one, when the max-age of 1 s is over", At: s.FirstFile(keyFiles...),
			Next: "Read max-age from the header Cache-Control of the key set, and fetch again when it is over.", Output: s.printed(),
		}
	})
}

// A token of a new key passes at once, though the keys are good for long still.
func TestStep05_NewKeyAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	i := s.issuer
	s.passes("that is right", i.right())
	i.publish(i.signer.jwk(), secondKey().jwk())
	token := secondKey().token(i.claims())
	s.AwaitServices(4*time.Second, func() *check.Finding {
		if got := s.get(token); got.Status != http.StatusOK {
			return &check.Finding{
				Say: "The issuer has published a new key, and a token of that key is still refused.", Got: short(got), Want: "200, within a second or two", At: s.FirstFile(keyFiles...),
				Next: "Where a token names a kid that you do not know, fetch the keys again.", Output: s.printed(),
			}
		}
		return nil
	})
}

// While the identity service does not answer, or answers nonsense, tokens of known keys pass without a wait.
func TestStep05_Outage(t *testing.T) {
	t.Parallel()
	s := open(t)
	i := s.issuer
	i.set("", time.Second)
	s.passes("that is right", i.right())
	for _, broken := range []string{"error", "away", "empty", "garbage", "cut", "hang", "lost"} {
		before := i.fetched()
		i.set(broken, time.Second)
		s.fetchedAgain(before, "when their time is over")
		began, slowest := time.Now(), time.Duration(0)
		during := 300 * time.Millisecond
		made := func() {}
		if broken == "hang" {
			during, made = 2*time.Second, s.madeUpKids()
		}
		for time.Since(began) < during {
			asked := time.Now()
			if got := s.get(i.right()); got.Status != http.StatusOK {
				s.NotYet(check.Finding{
					Say: "The identity service does not answer with its keys for a moment, and right tokens of known keys are refused.", Got: short(got), Want: http.StatusOK, At: s.FirstFile(keyFiles...),
					Next: "Keep the keys that you have where a fetch fails.", Output: s.printed(),
				})
			}
			slowest = max(slowest, time.Since(asked))
		}
		made()
		if slowest > time.Second && broken == "hang" {
			s.NotYet(check.Finding{
				Say: "The identity service hangs, and requests with known keys wait for it.", Got: "a request took " + slowest.Round(10*time.Millisecond).String(), Want: "less than 1 s", At: s.FirstFile(keyFiles...),
				Next: "Fetch beside the requests, and hold no lock meanwhile; only an unknown key is worth a wait.", Output: s.printed(),
			})
		}
		if broken == "error" {
			s.triedAgain(before, began, slowest)
		}
	}
	if n := i.together(); n > 0 {
		s.NotYet(check.Finding{
			Say: "The identity service hangs, and fetches of the keys go on beside each other.", Got: fmt.Sprintf("%d that began while another went on", n), Want: "one fetch at a time", At: s.FirstFile(keyFiles...),
			Next: "Begin no fetch while one goes on; whoever has an unknown key waits for that one.",
		})
	}
	i.set("", time.Second)
	s.AwaitServices(6*time.Second, func() *check.Finding {
		i.publish(i.signer.jwk(), secondKey().jwk())
		if got := s.get(secondKey().token(i.claims())); got.Status != http.StatusOK {
			return &check.Finding{Say: "The identity service is back, and its new key is not known.", Got: short(got), Want: http.StatusOK, At: s.FirstFile(keyFiles...), Next: "After a failed fetch, try again a second later.", Output: s.printed()}
		}
		return nil
	})
}

// madeUpKids sends tokens with made-up kids until the returned function is called.
func (s *shop) madeUpKids() (stop func()) {
	ctx, cancel := context.WithCancel(s.Context)
	var sides sync.WaitGroup
	for range 4 {
		sides.Go(func() {
			for ctx.Err() == nil {
				asking, over := context.WithTimeout(ctx, 300*time.Millisecond) // as one who is impatient
				_, _ = try(asking, http.MethodGet, s.gateway+"/orders", nil, bearer(strangerKey().named(fresh("kid")).token(s.issuer.claims())))
				select {
				case <-ctx.Done():
				case <-time.After(50 * time.Millisecond):
				}
				over()
			}
		})
	}
	return func() {
		cancel()
		sides.Wait()
	}
}

// triedAgain looks that two more fetches come, each a second after the one that failed:
// within twice that time, and what a machine needs where a request may take that long.
func (s *shop) triedAgain(before int, began time.Time, slowest time.Duration) {
	s.Helper()
	within := 4*time.Second + 4*slowest
	s.Within(within-time.Since(began), func() bool { return s.issuer.fetched() > before+2 })
	n, took := s.issuer.fetched()-before, time.Since(began)
	if n < 3 {
		s.NotYet(check.Finding{
			Say: "A fetch of the keys has failed, and the next one does not come a second later.", Got: fmt.Sprintf("%d fetches of the keys within %s", n, took.Round(100*time.Millisecond)), Want: "one a second", At: s.FirstFile(keyFiles...),
			Next: "After a failed fetch, try again a second later.", Output: s.printed(),
		})
	}
	if most := 3 + 2*int(took.Seconds()); n > most {
		s.NotYet(check.Finding{
			Say: "While fetches of the keys fail they come too often.", Got: fmt.Sprintf("%d fetches of the keys within %s", n, took.Round(100*time.Millisecond)), Want: "one a second", At: s.FirstFile(keyFiles...),
			Next: "After a failed fetch, try again a second later.", Output: s.printed(),
		})
	}
}

// Where the answer is good for long, or does not say for how long, the keys are not fetched sooner.
func TestStep05_MaxAge(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	gateway := newIssuerOf(c, secondKey())
	gateway.set("", saysNothing)
	behind := start(c, newIssuer(c), "", gateway.url) // order, where the check stands in for the gateway
	behind.internally(gateway, gateway.signer)
	s := start(c, newIssuer(c), "", "")
	i := s.issuer
	i.set("", 4*time.Second)
	s.passes("that is right", i.right())
	i.set("", time.Hour)
	first := i.fetched()
	s.Within(4*time.Second, func() bool { // until one fetch is made for a made-up kid; what it is answered counts from then on
		s.get(strangerKey().named(fresh("kid")).token(i.claims()))
		return i.fetched() > first
	})
	before, beforeBehind := i.fetched(), gateway.fetched()
	if s.Within(4500*time.Millisecond, func() bool { return i.fetched() > before }) {
		s.NotYet(check.Finding{
			Say: "The keys are fetched again though the max-age of their answer is not over.", Got: "a fetch within 5 s", Want: "none within the max-age of 3600 s", At: s.FirstFile(keyFiles...),
			Next: "Read max-age from the header Cache-Control of the key set, and fetch again when it is over.",
		})
	}
	if gateway.fetched() > beforeBehind {
		s.NotYet(check.Finding{
			Say: "The answer with the keys has no max-age, and they are fetched again at once.", Got: "a fetch within 5 s", Want: "none within a minute", At: s.FirstFile(keyFiles...),
			Next: "Where an answer has no max-age, take a minute.",
		})
	}
}

// saysNothing is the max-age of an issuer that says nothing of it.
const saysNothing = -time.Second

// internally asks order with a token that the key signed in the gateway's name.
func (s *shop) internally(gateway *issuer, key signer) answer {
	s.Helper()
	return s.ask(http.MethodPost, s.order+"/orders", lamp, bearer(key.token(claims{"iss": gateway.url, "aud": "order", "sub": "juno",
		"scope": "orders:read orders:write", "iat": in(0), "exp": in(30 * time.Second)})))
}

// Order keeps the gateway's keys by the same rules.
func TestStep05_Order(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	old, next := secondKey(), strangerKey() // the identity service has another
	gateway := newIssuerOf(c, old)
	gateway.others = "public, "
	gateway.set("", time.Second)
	s := start(c, newIssuer(c), "", gateway.url)
	ask := func(key signer) answer { return s.internally(gateway, key) }
	if got := ask(old); got.Status != http.StatusCreated {
		s.NotYet(check.Finding{
			Say: "Order does not take a right token of the gateway.", Got: short(got), Want: http.StatusCreated, At: "order/main.go",
			Next: "The issuer is SERVICE_GATEWAY, its keys are at /.well-known/jwks.json there, and the audience is order.", Output: s.printed(),
		})
	}
	s.floodAt(s.order, gateway, claims{"iss": gateway.url, "aud": "order", "sub": "juno", "exp": in(30 * time.Second)}, 60, 4, 5)
	gateway.publish(next.jwk())
	s.AwaitServices(5*time.Second, func() *check.Finding {
		got := ask(old)
		if got.Status == http.StatusUnauthorized {
			return nil
		}
		return &check.Finding{
			Say: "The gateway has removed a key, and order still takes internal tokens of that key though the time of the keys is over.", Got: short(got), Want: "401, once max-age is over", At: s.FirstFile(keyFiles...),
			Next: "Let order keep the gateway's keys by the same rules as the gateway keeps those of the identity service.", Output: s.printed(),
		}
	})
	if got := ask(next); got.Status != http.StatusCreated {
		s.NotYet(check.Finding{
			Say: "The gateway has a new key, and order refuses an internal token of that key.", Got: short(got), Want: http.StatusCreated, At: s.FirstFile(keyFiles...),
			Next: "Where a token names a kid that you do not know, fetch the keys again.", Output: s.printed(),
		})
	}
}

// Strangers with made-up key ids cause one fetch a second at the most, and hold up nobody.
func TestStep05_Attack(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.passes("that is right", s.issuer.right())
	stop := s.load(s.issuer.right)
	s.flood(200, 4, 5)
	if sent, refused := stop(); refused != nil {
		s.NotYet(check.Finding{
			Say: "While a stranger sent tokens with made-up key ids, a right token was refused.", Got: short(*refused), Want: fmt.Sprintf("200 for each of %d", sent), At: s.FirstFile(keyFiles...),
			Next: "Where you may not fetch yet, refuse the unknown key alone.", Output: s.printed(),
		})
	}
}

// At your sandbox the identity service rotates, and no right token is refused.
func TestStep05_Sandbox(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	r := openSandbox(c)
	type key struct{ Kid, State string }
	keys := func() (all struct{ Keys []key }) {
		got := r.ask(http.MethodGet, r.identity+"/admin/keys", nil, nil)
		c.Must(json.Unmarshal([]byte(got.Body), &all), "The identity service does not say which keys it has.")
		return all
	}
	signing := func() string {
		for _, one := range keys().Keys {
			if one.State == "signing" {
				return one.Kid
			}
		}
		return ""
	}
	works := func(what, token string) {
		c.Helper()
		if got := r.ask(http.MethodGet, r.gateway+"/orders", nil, bearer(token)); got.Status != http.StatusOK {
			c.NotYet(check.Finding{
				Say: fmt.Sprintf("The gateway of your sandbox refuses a token %s.", what), Got: short(got), Want: http.StatusOK, At: c.FirstFile(keyFiles...),
				Next: "Fetch the keys again when their time is over, and where a token names an unknown one.", Output: c.LogSince("gateway", "order"),
			})
		}
	}
	before := signing()
	old := r.restock("orders:read")
	works("that is right", old)
	var made key
	got := r.ask(http.MethodPost, r.identity+"/admin/keys", nil, nil)
	c.Must(json.Unmarshal([]byte(got.Body), &made), "The identity service makes no key: there may be too many. Remove one, or restart identity.")
	c.Cleanup(func() { // the learner's tokens stay good
		ctx := context.WithoutCancel(c.Context)
		_, _ = try(ctx, http.MethodPost, r.identity+"/admin/keys/"+before+"/sign", nil, nil)
		_, _ = try(ctx, http.MethodDelete, r.identity+"/admin/keys/"+made.Kid, nil, nil)
	})
	c.Within(1100*time.Millisecond, func() bool { return false }) // as an operator would, but for long enough
	r.ask(http.MethodPost, r.identity+"/admin/keys/"+made.Kid+"/sign", nil, nil)
	works("of the old key, in the overlap", old)
	fresh := r.restock("orders:read")
	works("of the new key, in the overlap", fresh)
	r.ask(http.MethodPost, r.identity+"/admin/keys/"+before+"/sign", nil, nil)
	r.ask(http.MethodDelete, r.identity+"/admin/keys/"+made.Kid, nil, nil)
	c.AwaitServices(7*time.Second, func() *check.Finding {
		if got := r.ask(http.MethodGet, r.gateway+"/orders", nil, bearer(fresh)); got.Status != http.StatusUnauthorized {
			return &check.Finding{
				Say: "The identity service of your sandbox has removed a key, and the gateway still takes a token of that key.", Got: short(got), Want: "401, within the max-age of 3 s", At: c.FirstFile(keyFiles...),
				Next: "Fetch the keys again when the max-age of the answer is over, and keep none that is no longer there.", Output: c.LogSince("gateway"),
			}
		}
		return nil
	}, "gateway", "order")
	works("of the key that was there before", old)
}
