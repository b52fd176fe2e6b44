//go:build lab

package checks

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cnalab/labs/check"
)

// bad is a token that must be refused.
type bad struct{ what, token string }

// refuseAll looks that each of them is refused, and right ones pass before and after.
func (s *shop) refuseAll(next string, all ...bad) {
	s.Helper()
	s.passes("that is right", s.issuer.right())
	for _, one := range all {
		s.refused(one.what, one.token, next)
	}
	s.passes("that is right", s.issuer.right())
}

// A right token passes, and order knows by it who asks.
func TestStep02_RightTokensPass(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := s.issuer.claims()
	got := s.post(s.issuer.signer.token(c))
	var placed struct{ ID, Customer string }
	if got.Status != http.StatusCreated || json.Unmarshal([]byte(got.Body), &placed) != nil || placed.Customer != c["sub"] {
		s.NotYet(check.Finding{
			Say: "POST /orders with a right token does not place an order of the customer in the token.", Got: short(got),
			Want: fmt.Sprintf("201, and the customer %s", c["sub"]), At: "order/main.go", Next: "The customer is the claim sub of the token, once it is verified.", Output: s.printed(),
		})
	}
	if mine := s.passes("that is right", s.issuer.signer.token(c)); !strings.Contains(mine.Body, placed.ID) {
		s.NotYet(check.Finding{Say: "GET /orders does not show customers their own orders.", Got: short(mine), Want: "the order " + placed.ID, At: "order/main.go", Next: "The customer is the claim sub of the token, once it is verified."})
	}
	if other := s.passes("that is right", s.issuer.right()); strings.Contains(other.Body, placed.ID) {
		s.NotYet(check.Finding{Say: "GET /orders shows one customer the orders of another.", Got: short(other), Want: "none of them", At: "order/main.go", Next: "The customer is the claim sub of the token, once it is verified."})
	}
	sign, more := s.issuer.signer, s.issuer.claims
	s.passes("with several audiences, one of which is shop", sign.token(more().with(claims{"aud": []string{"web", "shop"}})))
	s.passes("without nbf", sign.token(more().with(claims{"nbf": nil})))
	s.passes("with claims and a header that nobody knows", sign.token(more().with(claims{"color": "green", "EXP": 1}), header{"typ": "at+jwt", "note": "x", "ALG": "none"}))
	s.passes("after the word bearer in small letters", sign.token(more()))
	if got := s.ask(http.MethodGet, s.gateway+"/orders", nil, map[string]string{"Authorization": "bearer " + s.issuer.right()}); got.Status != http.StatusOK {
		s.NotYet(check.Finding{Say: "A right token is refused after the word bearer in small letters.", Got: short(got), Want: http.StatusOK, At: "token", Next: "The name of the scheme may be written in either case."})
	}
}

// Who brings no token in the header Authorization is asked for one.
func TestStep02_NoToken(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.passes("that is right", s.issuer.right())
	const next = "Only the header Authorization: Bearer TOKEN counts."
	for name, headers := range map[string]map[string]string{
		"without the header Authorization":    nil,
		"with nothing but X-Customer":         {"X-Customer": "mina"},
		"with a password in place of a token": {"Authorization": "Basic bWluYTp0ZWFwb3Q="},
		"with the word Bearer alone":          {"Authorization": "Bearer"},
		"with a token and no Bearer":          {"Authorization": s.issuer.right()},
	} {
		what := name
		s.unauthorized(fmt.Sprintf("GET /orders is answered %s.", what), next, s.ask(http.MethodGet, s.gateway+"/orders", nil, headers))
	}
	s.unauthorized("GET /orders takes a token from the address, which stands in logs.", next, s.ask(http.MethodGet, s.gateway+"/orders?access_token="+s.issuer.right(), nil, nil))
	elsewhere := s.issuer.right()
	s.unauthorized("GET /orders takes a token from a cookie.", next, s.ask(http.MethodGet, s.gateway+"/orders", nil, map[string]string{"Cookie": "access_token=" + elsewhere + "; token=" + elsewhere + "; jwt=" + elsewhere + "; session=" + elsewhere}))
	s.unauthorized("GET /orders takes a token from another header.", next, s.ask(http.MethodGet, s.gateway+"/orders", nil, map[string]string{
		"X-Access-Token": elsewhere, "X-Auth-Token": elsewhere, "X-Authorization": "Bearer " + elsewhere, "Proxy-Authorization": "Bearer " + elsewhere, "X-Forwarded-Access-Token": elsewhere}))
	s.unauthorized("HEAD /orders is answered without a token.", "Put the verifier before all of order's routes, whatever the method.", s.ask(http.MethodHead, s.gateway+"/orders", nil, nil))
	s.unauthorized("POST /orders takes an order without a token.", next, s.ask(http.MethodPost, s.gateway+"/orders", lamp, map[string]string{"X-Customer": "mina"}))
}

// A token with a wrong audience, issuer or time is refused.
func TestStep02_Claims(t *testing.T) {
	t.Parallel()
	s := open(t)
	token := func(change claims) string { return s.issuer.signer.token(s.issuer.claims().with(change)) }
	s.refuseAll("Compare iss and aud as a whole; exp is required and later than now, and nbf earlier, each a number.",
		bad{"for another audience", token(claims{"aud": "warehouse"})},
		bad{"for an audience that begins with shop", token(claims{"aud": "shopping"})},
		bad{"for an audience in capitals", token(claims{"aud": "SHOP"})},
		bad{"for a list in a list of audiences", token(claims{"aud": []any{[]string{"shop"}}})},
		bad{"for no audience", token(claims{"aud": nil})},
		bad{"for a list of other audiences", token(claims{"aud": []string{"warehouse", "shop-web"}})},
		bad{"that is an ID token, which is for the client", token(claims{"aud": []string{"shop-web"}, "nonce": "n"})},
		bad{"whose audience is an object", token(claims{"aud": claims{"shop": true}})},
		bad{"of another issuer", token(claims{"iss": "http://identity.example"})},
		bad{"of an issuer whose address goes on", token(claims{"iss": s.issuer.url + ".evil.example"})},
		bad{"of an issuer with a slash at its end", token(claims{"iss": s.issuer.url + "/"})},
		bad{"of an issuer in capitals", token(claims{"iss": strings.ToUpper(s.issuer.url)})},
		bad{"of an issuer whose address breaks off", token(claims{"iss": s.issuer.url[:len(s.issuer.url)-1]})},
		bad{"whose issuer is empty", token(claims{"iss": ""})},
		bad{"without an issuer", token(claims{"iss": nil})},
		bad{"whose issuer is a list", token(claims{"iss": []string{s.issuer.url}})},
		bad{"that has expired", token(claims{"exp": in(-10 * time.Minute)})},
		bad{"without exp", token(claims{"exp": nil})},
		bad{"with EXP in place of exp", token(claims{"exp": nil, "EXP": in(time.Minute)})},
		bad{"whose exp is a text", token(claims{"exp": fmt.Sprint(in(time.Minute))})},
		bad{"whose exp is below zero", token(claims{"exp": -1})},
		bad{"that is not valid yet", token(claims{"nbf": in(10 * time.Minute)})},
		bad{"whose nbf is a text", token(claims{"nbf": "now"})},
		bad{"without a subject", token(claims{"sub": nil})},
		bad{"whose subject is empty", token(claims{"sub": ""})},
		bad{"whose subject is a number", token(claims{"sub": 7})},
	)
}

// Two clocks may be 30 seconds apart, and no more.
func TestStep02_ClockSkew(t *testing.T) {
	t.Parallel()
	s := open(t)
	token := func(change claims) string { return s.issuer.signer.token(s.issuer.claims().with(change)) }
	s.passes("that is right", s.issuer.right())
	s.passes("that expired 20 seconds ago", token(claims{"exp": in(-20 * time.Second)}))
	s.passes("that is valid in 25 seconds", token(claims{"nbf": in(25 * time.Second)}))
	const next = "Allow 30 seconds in either direction, for exp and for nbf."
	s.refused("that expired 32 seconds ago", token(claims{"exp": in(-32 * time.Second)}), next)
	s.refused("that is valid in 45 seconds", token(claims{"nbf": in(45 * time.Second)}), next)
	// Clocks of whole seconds refuse this one as well, and one that allows a second
	// more takes it, if it comes in the second in which it was made.
	s.Within(time.Second, func() bool { return time.Now().Nanosecond() < int(200*time.Millisecond) })
	s.refused("that expired more than 30 seconds ago", token(claims{"exp": float64(in(-30*time.Second)) - 0.05}), next)
}

// The token does not choose the algorithm: all but RS256 is refused.
func TestStep02_Algorithm(t *testing.T) {
	t.Parallel()
	s := open(t)
	key, c := s.issuer.signer, s.issuer.claims()
	none := func(alg any) string {
		return object(header{"alg": alg, "typ": "JWT", "kid": key.kid}) + "." + object(c) + "."
	}
	der, _ := x509.MarshalPKIXPublicKey(&key.key.PublicKey)
	pkcs1 := x509.MarshalPKCS1PublicKey(&key.key.PublicKey)
	block := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	jwk, _ := json.Marshal(key.jwk())
	hs := func(secret []byte) string {
		return hs256(header{"alg": "HS256", "typ": "JWT", "kid": key.kid}, c, secret)
	}
	s.refuseAll("Compare alg with RS256 before you verify, and use no function that takes the algorithm from the token.",
		bad{"whose algorithm is none", none("none")},
		bad{"whose algorithm is None", none("None")},
		bad{"whose algorithm is NONE", none("NONE")},
		bad{"whose algorithm is empty", none("")},
		bad{"whose algorithm is null", none(nil)},
		bad{"without an algorithm", object(header{"kid": key.kid}) + "." + object(c) + "."},
		bad{"whose algorithm is none, with a right signature of RS256", key.token(c, header{"alg": "none"})},
		bad{"with RS256 in the header and no signature", none("RS256")},
		bad{"signed by HS256 with the public key as PEM", hs(block("PUBLIC KEY", der))},
		bad{"signed by HS256 with the public key as PEM of PKCS #1", hs(block("RSA PUBLIC KEY", pkcs1))},
		bad{"signed by HS256 with the public key as DER", hs(der)},
		bad{"signed by HS256 with the modulus", hs(key.key.N.Bytes())},
		bad{"signed by HS256 with the JWK", hs(jwk)},
		bad{"signed by HS256 with nothing", hs(nil)},
		bad{"whose algorithm is rs256 in small letters", key.token(c, header{"alg": "rs256"})},
		bad{"whose algorithm is a list", key.token(c, header{"alg": []string{"RS256"}})},
		bad{"with ALG in place of alg", object(header{"ALG": "RS256", "kid": key.kid}) + "." + object(c) + "." + encode(key.sign(object(header{"ALG": "RS256", "kid": key.kid})+"."+object(c)))},
		bad{"whose algorithm is PS256", ps256(key, c)},
	)
}

func ps256(key signer, c claims) string {
	signed := object(header{"alg": "PS256", "kid": key.kid}) + "." + object(c)
	return signed + "." + encode(key.pss(signed))
}

// A token that was changed after it was signed, or signed by somebody else, is refused.
func TestStep02_Signature(t *testing.T) {
	t.Parallel()
	s := open(t)
	key, c := s.issuer.signer, s.issuer.claims()
	right := key.token(c)
	parts := strings.Split(right, ".")
	other := strings.Split(key.token(s.issuer.claims()), ".")
	flipped, _ := base64.RawURLEncoding.DecodeString(parts[2])
	flipped[100] ^= 1
	s.refuseAll("Verify the signature over the first two parts as they came, with the issuer's key, before you believe any claim.",
		bad{"whose claims were changed", parts[0] + "." + object(c.with(claims{"sub": "mina"})) + "." + parts[2]},
		bad{"whose claims gained a space", parts[0] + "." + spaced(c) + "." + parts[2]},
		bad{"whose header was changed", object(header{"alg": "RS256", "typ": "JWT", "kid": key.kid, "x": 1}) + "." + parts[1] + "." + parts[2]},
		bad{"with the signature of another token", parts[0] + "." + parts[1] + "." + other[2]},
		bad{"whose signature has one bit wrong", parts[0] + "." + parts[1] + "." + encode(flipped)},
		bad{"without a signature", parts[0] + "." + parts[1] + "."},
		bad{"with half of its signature", parts[0] + "." + parts[1] + "." + parts[2][:100]},
		bad{"with a signature of zeros", parts[0] + "." + parts[1] + "." + encode(make([]byte, 256))},
		bad{"that a stranger signed under the issuer's kid", strangerKey().named(key.kid).token(c)},
		bad{"that a stranger signed under an unknown kid", strangerKey().token(c)},
		bad{"that a stranger signed without a kid", strangerKey().token(c, header{"kid": ""})},
		bad{"whose kid is a path to an empty file", hs256(header{"alg": "HS256", "kid": "../../../../dev/null"}, c, nil)},
		bad{"whose kid is a number", strangerKey().token(c, header{"kid": 7})},
	)
}

func spaced(c claims) string {
	text, _ := json.Marshal(c)
	return encode(append([]byte(" "), text...))
}

// Keys that a token brings along, or an address that it names, are not believed or even asked.
func TestStep02_KeysOfTheToken(t *testing.T) {
	t.Parallel()
	s := open(t)
	stranger, c := strangerKey(), s.issuer.claims()
	var asked atomic.Int64
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answerJSON(w, map[string]any{"keys": []any{stranger.jwk()}})
	}))
	defer evil.Close()
	der, _ := x509.MarshalPKIXPublicKey(&stranger.key.PublicKey)
	x5c := base64.StdEncoding.EncodeToString(der)
	s.refuseAll("Of the header take kid alone, and look it up among the keys of the issuer's JWKS.",
		bad{"that brings its own key along, as jwk", stranger.token(c, header{"jwk": stranger.jwk()})},
		bad{"that brings its own key along, under the issuer's kid", stranger.named(s.issuer.signer.kid).token(c, header{"jwk": stranger.jwk()})},
		bad{"that names a key set elsewhere, as jku", stranger.token(c, header{"jku": evil.URL + "/keys.json"})},
		bad{"that names a key set elsewhere, under the issuer's kid", stranger.named(s.issuer.signer.kid).token(c, header{"jku": evil.URL + "/keys.json"})},
		bad{"that names a certificate elsewhere, as x5u", stranger.token(c, header{"x5u": evil.URL + "/certificate.pem"})},
		bad{"that brings a certificate along, as x5c", stranger.token(c, header{"x5c": []string{x5c}})},
		bad{"whose kid is an address", stranger.named(evil.URL + "/keys.json").token(c)},
		bad{"of an issuer elsewhere, with a key set of its own", stranger.token(c.with(claims{"iss": evil.URL}))},
	)
	if n := asked.Load(); n > 0 {
		s.NotYet(check.Finding{
			Say: "A token names an address, and the shop asks there: so a stranger can have it call anything inside.", Got: fmt.Sprintf("%d requests", n), Want: "none", At: "token",
			Next: "Take the address of the keys from the issuer's discovery document, which is at SERVICE_IDENTITY.",
		})
	}
}

// What is no compact JWT, or demands what nobody understands, is refused.
func TestStep02_Forms(t *testing.T) {
	t.Parallel()
	s := open(t)
	key, c := s.issuer.signer, s.issuer.claims()
	parts := strings.Split(key.token(c), ".")
	general := `{"payload":"` + parts[1] + `","signatures":[{"protected":"` + parts[0] + `","signature":"` + parts[2] + `"},{"protected":"` + parts[0] + `","signature":"AAAA"}]}`
	flat := `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`
	s.refuseAll("Take nothing but three parts of at most 8192 bytes, and refuse a header with crit.",
		bad{"in the JSON form with two signatures", general},
		bad{"in the JSON form with one signature", flat},
		bad{"with a second signature behind it", strings.Join(parts, ".") + "." + parts[2]},
		bad{"and a second one behind a comma", strings.Join(parts, ".") + "," + s.issuer.right()},
		bad{"of more than 8192 bytes", key.token(c.with(claims{"note": strings.Repeat("x", 9000)}))},
		bad{"of 200 kilobytes", key.token(c.with(claims{"note": strings.Repeat("x", 150_000)}))},
		bad{"whose header has crit", key.token(c, header{"crit": []string{"audit"}, "audit": true})},
		bad{"whose header has an empty crit", key.token(c, header{"crit": []string{}})},
		bad{"whose claims are a list", signedText(key, `["shop"]`)},
		bad{"whose claims are null", signedText(key, `null`)},
		bad{"with padding in its signature", strings.Join(parts, ".") + "=="},
		bad{"with bits left over in its signature", leftOver(strings.Join(parts, "."))},
	)
}

func signedText(key signer, text string) string {
	signed := object(header{"alg": "RS256", "kid": key.kid}) + "." + encode([]byte(text))
	return signed + "." + encode(key.sign(signed))
}

// What is wrong is logged, and the token is not.
func TestStep02_Log(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.logsNoToken()
}

func (s *shop) logsNoToken() {
	s.Helper()
	right := s.issuer.right()
	s.passes("that is right", right)
	expired := s.issuer.signer.token(s.issuer.claims().with(claims{"exp": in(-time.Hour)}))
	other := s.issuer.signer.token(s.issuer.claims().with(claims{"aud": "warehouse"}))
	critical := s.issuer.signer.token(s.issuer.claims(), header{"crit": []string{"audit"}, "audit": true})
	for what, token := range map[string]string{"that has expired": expired, "for another audience": other, "whose header has crit": critical} {
		s.refused(what, token, "Refuse it, and log why.")
	}
	s.secret("a right token", right)
	for _, token := range []string{expired, other, critical} {
		s.secret("a token that was refused", token)
	}
}

// A token of the identity service passes at the gateway of your sandbox.
func TestStep02_IdentityService(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	r := openSandbox(c)
	token := r.restock("orders:read orders:write")
	got := r.ask(http.MethodPost, r.gateway+"/orders", lamp, bearer(token))
	var placed struct{ Customer string }
	if got.Status != http.StatusCreated || json.Unmarshal([]byte(got.Body), &placed) != nil || placed.Customer != "restock" {
		c.NotYet(check.Finding{
			Say: "A token that the identity service of your sandbox gives does not place an order.", Got: short(got), Want: "201, and the customer restock", At: "token",
			Next: "Read the logs of order and of the gateway.", Output: c.LogSince("gateway", "order"),
		})
	}
	if got := r.ask(http.MethodGet, r.gateway+"/orders", nil, map[string]string{"X-Customer": "restock"}); got.Status != http.StatusUnauthorized {
		c.NotYet(check.Finding{Say: "The gateway of your sandbox answers who has no token.", Got: short(got), Want: http.StatusUnauthorized, At: "order/main.go", Next: "Put the verifier before all of order's routes."})
	}
}
