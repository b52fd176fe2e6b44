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
		s.NotYet(check.Finding{Say: "The gateway does not hand a right request on to order.", Got: fmt.Sprintf("%d requests at order", len(seen)), Want: "1", At: gatewayFile, Next: "Forward what is verified to SERVICE_ORDER.", Output: s.printed()})
	}
	s.keeps(seen[0], token)
	for name, values := range seen[0] {
		for _, value := range values {
			if name == "X-Customer" && value == "mina" {
				s.NotYet(check.Finding{Say: "A header that the customer has forged reaches order.", Got: "X-Customer: mina", Want: "no such header", At: gatewayFile, Next: "Delete the headers that speak of who asks, before you hand a request on."})
			}
		}
	}
	own, got := internal(seen[0])
	if got == nil || got["sub"] != sent["sub"] || !alone(got["aud"], "order") || got["iss"] != s.gateway || got["scope"] != sent["scope"] {
		s.NotYet(check.Finding{
			Say: "The token that the gateway hands on does not say what order needs.", Got: fmt.Sprintf("iss %v, aud %v, sub %v, scope %v", got["iss"], got["aud"], got["sub"], got["scope"]),
			Want: fmt.Sprintf("iss %s, aud order, sub %s, scope %s", s.gateway, sent["sub"], sent["scope"]), At: gatewayFile,
			Next: "Sign these claims with the gateway's own key. The issuer is SERVICE_GATEWAY.",
		})
	}
	s.ends(got, in(0))
	s.secret("the customer's token", token)
	s.secret("the internal token", own)
}

const gatewayFile = "gateway/main.go"

// keeps looks that the customer's own token is in none of the headers that reach order.
func (s *shop) keeps(seen http.Header, token string) {
	s.Helper()
	for name, values := range seen {
		if strings.Contains(strings.Join(values, "\n"), token) {
			s.NotYet(check.Finding{
				Say: "The gateway hands the customer's own token on: a service that is broken into can use it everywhere.", Got: "it stands in " + name, Want: "a token of the gateway's own", At: gatewayFile,
				Next: "Set Authorization to a token that the gateway has signed, for order alone.",
			})
		}
	}
}

// alone reports whether the claim is that name, or a list of it alone.
func alone(claim any, name string) bool {
	list, _ := claim.([]any)
	return claim == name || len(list) == 1 && list[0] == name
}

// ends looks that the token of the gateway ends within a minute of what is now,
// after it has come.
func (s *shop) ends(got claims, now int64) {
	s.Helper()
	ends, ok := got["exp"].(float64)
	if !ok || ends > float64(now+60) || ends < float64(now-60) {
		s.NotYet(check.Finding{
			Say: "The token that the gateway hands on is good for too long.", Got: fmt.Sprintf("exp %.0f, and it is %d now", ends, now), Want: "at most 60 s from now", At: gatewayFile,
			Next: "It serves one request: let it end within a minute.",
		})
	}
}

// Each request gets an internal token of its own, with what its own customer's token says.
func TestStep03_EachItsOwn(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	order := newRecorder(c)
	s := start(c, newIssuer(c), order.URL, "")
	s.passes("that is right", s.issuer.right())
	sent := map[string]int{}
	var tokens []string
	for range 16 {
		one := s.issuer.claims()
		for _, scope := range []string{"orders:read", "orders:read orders:write", "orders:write"} { // of one person
			sent[fmt.Sprintf("sub %s, scope %s", one["sub"], scope)]++
			tokens = append(tokens, s.issuer.signer.token(one.with(claims{"scope": scope})))
		}
	}
	var sides sync.WaitGroup
	for _, token := range tokens {
		sides.Go(func() { _, _ = try(s.Context, http.MethodGet, s.gateway+"/orders", nil, bearer(token)) })
	}
	sides.Wait()
	for n, h := range order.all() {
		_, got := internal(h)
		if n == 0 {
			continue // the first is of passes
		}
		says := fmt.Sprintf("sub %v, scope %v", got["sub"], got["scope"])
		if sent[says]--; sent[says] < 0 {
			s.NotYet(check.Finding{
				Say: "Of requests at the same time, one reaches order with what another's token says.", Got: says, Want: "of each request what its own token says, once", At: gatewayFile,
				Next: "Make the internal token anew for each request, of the claims that were verified for it, and keep nothing between two requests.",
			})
		}
		s.ends(got, in(0))
	}
}

// A gateway that starts again has a new key, and order finds it.
func TestStep03_StartsAgain(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.passes("that is right", s.issuer.right())
	for _, program := range s.programs {
		if program.Name == "gateway" {
			program.Kill()
		}
	}
	s.run("gateway", s.gateway)
	s.AwaitServices(5*time.Second, func() *check.Finding {
		got := s.get(s.issuer.right())
		if got.Status == http.StatusOK {
			return nil
		}
		return &check.Finding{
			Say: "The gateway has started again, and order refuses all that it hands on.", Got: short(got), Want: "200, within a second or two", At: gatewayFile,
			Next: "Give each key a kid of its own, made when the key is: only for an unknown kid order fetches the keys again.", Output: s.printed(),
		}
	})
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
	for _, method := range []string{http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete, http.MethodPatch} {
		s.ask(method, s.gateway+"/orders", nil, nil)
	}
	paths := []string{"/", "/orders/", "/orders/1", "/order", "/admin", "/login/../orders", "/.well-known/jwks.json/../../orders"}
	for _, path := range paths {
		s.ask(http.MethodGet, s.gateway+path, nil, map[string]string{"X-Customer": "mina"})
	}
	if n := len(order.all()); n != 1 {
		s.NotYet(check.Finding{Say: "A request that the gateway refuses, or that no token came with, reaches order.", Got: fmt.Sprintf("%d requests at order", n), Want: "1, the right one", At: gatewayFile, Next: "Verify whatever goes on to order, of each path and each method."})
	}
	token := s.issuer.right()
	for _, path := range paths {
		s.ask(http.MethodGet, s.gateway+path, nil, bearer(token))
	}
	for _, h := range order.all() {
		s.keeps(h, token)
	}
	jwks := s.ask(http.MethodGet, s.gateway+"/.well-known/jwks.json", nil, nil)
	var set struct{ Keys []map[string]any }
	if jwks.Status != http.StatusOK || json.Unmarshal([]byte(jwks.Body), &set) != nil || len(set.Keys) == 0 {
		s.NotYet(check.Finding{Say: "The gateway does not publish its key.", Got: short(jwks), Want: `200 {"keys": […]}`, At: gatewayFile, Next: "Answer GET /.well-known/jwks.json with the public half, without asking for a token."})
	}
	for _, key := range set.Keys {
		for _, secret := range []string{"d", "p", "q", "k"} {
			if key[secret] != nil {
				s.NotYet(check.Finding{Say: "The gateway publishes its private key.", Got: "a key with " + secret, Want: "nothing but the public half", At: gatewayFile, Next: "Publish kty, kid, n and e, and nothing else of the key."})
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
	for _, audience := range []any{"order", []string{"order", "shop"}} {
		s.directly("with a token that the identity service made for order", bearer(s.issuer.signer.token(s.issuer.claims().with(claims{"aud": audience}))))
	}
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
	gateway := newIssuerOf(c, secondKey()) // as the identity service has another
	key := gateway.signer
	s := start(c, newIssuer(c), "", gateway.url)
	token := func(change claims) map[string]string {
		right := claims{"iss": gateway.url, "aud": "order", "sub": "juno", "scope": "orders:read orders:write", "iat": in(0), "exp": in(30 * time.Second), "jti": fresh("jti")}
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
	s.directly("with a token of the gateway that is not valid yet", token(claims{"nbf": in(10 * time.Minute)}))
	s.directly("with a token of the gateway without a subject", token(claims{"sub": nil}))
	if got := s.ask(http.MethodPost, s.order+"/orders", lamp, token(claims{"aud": []string{"order"}})); got.Status != http.StatusCreated {
		s.NotYet(check.Finding{Say: "Order does not take a right token of the gateway.", Got: short(got), Want: http.StatusCreated, At: "order/main.go", Next: "The audience is order, or a list that holds it, as in step 2.", Output: s.printed()})
	}
}

// In your sandbox, too, an order comes through the gateway or not at all.
func TestStep03_Sandbox(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	r := openSandbox(c)
	token := r.restock("orders:read orders:write")
	if got := r.ask(http.MethodPost, r.gateway+"/orders", lamp, bearer(token)); got.Status != http.StatusCreated {
		c.NotYet(check.Finding{
			Say: "A token that the identity service of your sandbox gives does not place an order.", Got: short(got), Want: http.StatusCreated, At: gatewayFile,
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
