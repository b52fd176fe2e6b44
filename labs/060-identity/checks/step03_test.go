//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cnalab/labs/check"
)

// recorder stands in for order, and keeps what the gateway sends it.
type recorder struct {
	*httptest.Server
	mu   sync.Mutex
	seen []http.Header
}

func newRecorder(c *check.C) *recorder {
	r := &recorder{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, got *http.Request) {
		r.mu.Lock()
		r.seen = append(r.seen, got.Header.Clone())
		r.mu.Unlock()
		answerJSON(w, []any{})
	}))
	c.Cleanup(r.Close)
	return r
}

func (r *recorder) all() []http.Header {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.seen)
}

// internal is the token of the gateway's own among the headers.
func internal(h http.Header) (string, claims) {
	scheme, token, _ := strings.Cut(h.Get("Authorization"), " ")
	c, ok := payload(token)
	if !strings.EqualFold(scheme, "Bearer") || !ok {
		return "", nil
	}
	return token, c
}

// The gateway verifies, and hands on a short token of its own in place of what the customer sent.
func TestStep03_HandedOn(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	order := newRecorder(c)
	s := start(c, newIssuer(c), order.URL, "")
	sent := s.issuer.claims()
	token := s.issuer.signer.token(sent)
	headers := bearer(token)
	headers["X-Customer"], headers["Cookie"] = "mina", "theme=dark"
	s.ask(http.MethodGet, s.gateway+"/orders", nil, headers)
	seen := order.all()
	if len(seen) != 1 {
		s.NotYet(check.Finding{Say: "The gateway does not hand a right request on to order.", Got: fmt.Sprintf("%d requests at order", len(seen)), Want: "1", At: "gateway/main.go", Next: "Forward what is verified to SERVICE_ORDER.", Output: s.printed()})
	}
	for name, values := range seen[0] {
		for _, value := range values {
			if strings.Contains(value, token) {
				s.NotYet(check.Finding{
					Say: "The gateway hands the customer's own token on: a service that is broken into can use it everywhere.", Got: "it stands in " + name, Want: "a token of the gateway's own", At: "gateway/main.go",
					Next: "Set Authorization to a token that the gateway has signed, for order alone.",
				})
			}
			if name == "X-Customer" && value == "mina" {
				s.NotYet(check.Finding{Say: "A header that the customer has forged reaches order.", Got: "X-Customer: mina", Want: "no such header", At: "gateway/main.go", Next: "Delete the headers that speak of who asks, before you hand a request on."})
			}
		}
	}
	_, got := internal(seen[0])
	if got == nil || got["sub"] != sent["sub"] || got["aud"] != "order" || got["iss"] != s.gateway || got["scope"] != sent["scope"] {
		s.NotYet(check.Finding{
			Say: "The token that the gateway hands on does not say what order needs.", Got: fmt.Sprintf("iss %v, aud %v, sub %v, scope %v", got["iss"], got["aud"], got["sub"], got["scope"]),
			Want: fmt.Sprintf("iss %s, aud order, sub %s, scope %s", s.gateway, sent["sub"], sent["scope"]), At: "gateway/main.go",
			Next: "Sign these claims with the gateway's own key. The issuer is SERVICE_GATEWAY.",
		})
	}
	if ends, ok := got["exp"].(float64); !ok || ends > float64(in(65*time.Second)) || ends < float64(in(-5*time.Second)) {
		s.NotYet(check.Finding{
			Say: "The token that the gateway hands on is good for too long.", Got: fmt.Sprintf("exp %v, and it is %d now", got["exp"], in(0)), Want: "at most 60 s from now", At: "gateway/main.go",
			Next: "It serves one request: let it end within a minute.",
		})
	}
}

// What the gateway does not believe never reaches order.
func TestStep03_AtTheDoor(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	order := newRecorder(c)
	s := start(c, newIssuer(c), order.URL, "")
	s.passes("that is right", s.issuer.right())
	const next = "Verify at the gateway, before you forward."
	s.refused("that a stranger signed", strangerKey().named(s.issuer.signer.kid).token(s.issuer.claims()), next)
	s.refused("that has expired", s.issuer.signer.token(s.issuer.claims().with(claims{"exp": in(-time.Hour)})), next)
	s.unauthorized("GET /orders is answered without a token.", next, s.ask(http.MethodGet, s.gateway+"/orders", nil, map[string]string{"X-Customer": "mina"}))
	if n := len(order.all()); n != 1 {
		s.NotYet(check.Finding{Say: "A request that the gateway refuses reaches order.", Got: fmt.Sprintf("%d requests at order", n), Want: "1, the right one", At: "gateway/main.go", Next: next})
	}
	jwks := s.ask(http.MethodGet, s.gateway+"/.well-known/jwks.json", nil, nil)
	var set struct{ Keys []map[string]any }
	if jwks.Status != http.StatusOK || json.Unmarshal([]byte(jwks.Body), &set) != nil || len(set.Keys) == 0 {
		s.NotYet(check.Finding{Say: "The gateway does not publish its key.", Got: short(jwks), Want: `200 {"keys": […]}`, At: "gateway/main.go", Next: "Answer GET /.well-known/jwks.json with the public half, without asking for a token."})
	}
	for _, key := range set.Keys {
		for _, secret := range []string{"d", "p", "q", "k"} {
			if key[secret] != nil {
				s.NotYet(check.Finding{Say: "The gateway publishes its private key.", Got: "a key with " + secret, Want: "nothing but the public half", At: "gateway/main.go", Next: "Publish kty, kid, n and e, and nothing else of the key."})
			}
		}
	}
}

// Order reached directly, without the gateway's proof, answers 401.
func TestStep03_Direct(t *testing.T) {
	t.Parallel()
	s := open(t)
	right := s.issuer.right()
	s.passes("that is right", right)
	s.directly("with a token of the customer's", bearer(right))
	s.directly("without a token", nil)
	s.directly("with a forged header", map[string]string{"X-Customer": "mina", "X-Forwarded-User": "mina", "X-User": "mina", "X-Internal": "true", "X-Gateway": "gateway"})
	s.directly("as if it came from the gateway", map[string]string{"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": strings.TrimPrefix(s.gateway, "http://"), "Forwarded": "by=gateway", "X-Customer": "mina"})
	forged := claims{"iss": s.gateway, "aud": "order", "sub": "mina", "scope": "orders:read orders:write", "iat": in(0), "exp": in(20 * time.Second), "jti": fresh("jti")}
	s.directly("with a token that a stranger signed in the gateway's name", bearer(strangerKey().token(forged)))
	s.directly("with a token that nobody signed", bearer(object(header{"alg": "none"})+"."+object(forged)+"."))
	s.directly("with a token that the identity service signed in the gateway's name", bearer(s.issuer.signer.token(forged)))
}

// directly asks order, past the gateway.
func (s *shop) directly(how string, headers map[string]string) {
	s.Helper()
	got := s.ask(http.MethodPost, s.order+"/orders", lamp, headers)
	if got.Status/100 == 2 {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("Order takes an order that did not come through the gateway, %s.", how), Got: short(got), Want: http.StatusUnauthorized, At: "order/main.go",
			Next: "Accept nothing but tokens that the gateway has signed for order: verify them with the gateway's JWKS.", Output: s.printed(),
		})
	}
	if got.Status != http.StatusUnauthorized {
		s.NotYet(check.Finding{
			Say: "Order refuses what did not come through the gateway, and not with 401.", Got: short(got), Want: http.StatusUnauthorized, At: "order/main.go", Next: "Answer 401 where the proof of the gateway is missing or wrong.", Output: s.printed(),
		})
	}
}

// Order verifies all of the gateway's token, as the gateway does with the customer's.
func TestStep03_GatewaysToken(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	key := secondKey()
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/.well-known/jwks.json" {
			http.NotFound(w, r)
			return
		}
		answerJSON(w, map[string]any{"keys": []any{key.jwk()}})
	}))
	defer gateway.Close()
	s := start(c, newIssuer(c), "", gateway.URL)
	token := func(change claims) map[string]string {
		right := claims{"iss": gateway.URL, "aud": "order", "sub": "juno", "scope": "orders:read orders:write", "iat": in(0), "exp": in(30 * time.Second), "jti": fresh("jti")}
		return bearer(key.token(right.with(change)))
	}
	got := s.ask(http.MethodPost, s.order+"/orders", lamp, token(nil))
	var placed struct{ Customer string }
	if got.Status != http.StatusCreated || json.Unmarshal([]byte(got.Body), &placed) != nil || placed.Customer != "juno" {
		s.NotYet(check.Finding{
			Say: "Order does not take a right token of the gateway.", Got: short(got), Want: "201, and the customer juno", At: "order/main.go",
			Next: "The issuer is SERVICE_GATEWAY, its keys are at /.well-known/jwks.json there, and the audience is order.", Output: s.printed(),
		})
	}
	s.directly("with a token of the gateway that has expired", token(claims{"exp": in(-time.Minute)}))
	s.directly("with a token of the gateway for another service", token(claims{"aud": "product"}))
	s.directly("with a token of the gateway without an end", token(claims{"exp": nil}))
	s.directly("with a token of another issuer", token(claims{"iss": s.issuer.url}))
	s.directly("with a token of the gateway for the whole shop", token(claims{"aud": "shop"}))
}

// In your sandbox, too, an order comes through the gateway or not at all.
func TestStep03_Sandbox(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	r := openSandbox(c)
	token := r.restock("orders:read orders:write")
	if got := r.ask(http.MethodPost, r.gateway+"/orders", lamp, bearer(token)); got.Status != http.StatusCreated {
		c.NotYet(check.Finding{
			Say: "A token that the identity service of your sandbox gives does not place an order.", Got: short(got), Want: http.StatusCreated, At: "gateway/main.go",
			Next: "Read the logs of order and of the gateway.", Output: c.LogSince("gateway", "order"),
		})
	}
	if got := r.ask(http.MethodPost, r.order+"/orders", lamp, bearer(token)); got.Status != http.StatusUnauthorized {
		c.NotYet(check.Finding{
			Say: "The order service of your sandbox takes an order past the gateway.", Got: short(got), Want: http.StatusUnauthorized, At: "order/main.go",
			Next: "Accept nothing but tokens that the gateway has signed for order.",
		})
	}
}
