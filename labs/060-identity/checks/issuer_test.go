//go:build lab

package checks

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"

	"cnalab/labs/check"
)

// issuer is an identity service of the check's own: it can sign what the real
// one never would, and sees who asks it for what.
type issuer struct {
	url    string
	public string // the address of its page for browsers
	signer signer

	mu      sync.Mutex
	keys    []map[string]any       // that it publishes
	maxAge  time.Duration          // of what it publishes; below zero it says nothing of that
	others  string                 // what else Cache-Control says, before it
	broken  string                 // how it answers who asks for keys; "" for as it should
	fetches int                    // of the keys
	hanging map[*http.Request]bool // fetches that hang at this moment
	beside  int                    // of them, those that came while another hung, and hung on beside it
	asked   []tokenRequest
	id      func(nonce string) string // the ID token that it gives
	access  string                    // the access token that it gives
	begun   map[string]url.Values     // authorization requests by code
	held    chan struct{}             // what hangs, hangs until this is closed
}

// tokenRequest is what the token endpoint was asked.
type tokenRequest struct {
	form             url.Values
	id, secret       string
	basic            bool
	verified, redeem bool // the verifier fits; the code was good
}

// is reports whether the client has proved that it is this one; whether id and
// secret were encoded first, as RFC 6749 has it, is left to it.
func (r tokenRequest) is(id, secret string) bool {
	return r.id == id && (r.secret == secret || r.secret == url.QueryEscape(secret))
}

// newIssuer starts an issuer that publishes its first key.
func newIssuer(c *check.C) *issuer {
	c.Helper()
	return newIssuerOf(c, firstKey())
}

// newIssuerOf starts an issuer that publishes that key.
func newIssuerOf(c *check.C, key signer) *issuer {
	c.Helper()
	i := &issuer{signer: key, maxAge: time.Hour, begun: map[string]url.Values{}, hanging: map[*http.Request]bool{}, held: make(chan struct{})}
	i.keys = []map[string]any{i.signer.jwk()}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.discovery)
	mux.HandleFunc("GET /published/keys.json", i.jwks)
	mux.HandleFunc("GET /.well-known/jwks.json", i.jwks) // where it stands in for the gateway
	mux.HandleFunc("GET /old/keys.json", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, i.strangers()) })
	mux.HandleFunc("POST /give/token", i.token)
	server := httptest.NewServer(mux)
	c.Cleanup(server.Close)
	c.Cleanup(func() { close(i.held) })
	i.url, i.public = server.URL, "http://sign-in.example"
	return i
}

// strangers is a key set in which there is no key of the issuer's.
func (i *issuer) strangers() map[string]any {
	return map[string]any{"keys": []any{strangerKey().jwk()}}
}

func (i *issuer) discovery(w http.ResponseWriter, r *http.Request) {
	keys := i.url + "/published/keys.json"
	i.mu.Lock()
	away, lost := i.broken == "away", i.broken == "lost"
	if away || lost {
		i.fetches++
	}
	i.mu.Unlock()
	if lost {
		i.hang(r)
		return
	}
	if w.Header().Set("Content-Type", "application/json"); away {
		keys = i.url + "/old/keys.json"
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	answerJSON(w, map[string]any{"issuer": i.url, "authorization_endpoint": i.public + "/begin", "token_endpoint": i.url + "/give/token",
		"jwks_uri": keys, "id_token_signing_alg_values_supported": []string{"RS256"}})
}

// jwks answers with the keys, or as it is broken: "error" has a status that is none
// of success, though there is a key set behind it; "garbage" is no JSON; "empty" has
// no key; "slow" takes a moment; "hang" does not answer; "cut" ends the connection, as the
// token endpoint does then. "away" and "lost" are the discovery's, "failing" is the
// token endpoint's.
func (i *issuer) jwks(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	i.fetches++
	broken, set := i.broken, map[string]any{"keys": i.keys}
	if i.maxAge >= 0 {
		w.Header().Set("Cache-Control", fmt.Sprintf("%smax-age=%d", i.others, int(i.maxAge.Seconds())))
	}
	i.mu.Unlock()
	switch broken {
	case "error":
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusInternalServerError)
		answerJSON(w, i.strangers())
	case "garbage":
		fmt.Fprint(w, "<html>out of order</html>")
	case "empty":
		answerJSON(w, map[string]any{"keys": []any{}})
	case "hang":
		i.hang(r)
	case "cut":
		panic(http.ErrAbortHandler)
	case "slow":
		select {
		case <-r.Context().Done():
		case <-time.After(slowness):
			answerJSON(w, set)
		}
	default:
		answerJSON(w, set)
	}
}

const (
	slowness = 400 * time.Millisecond // of an issuer that is slow
	goodbye  = 700 * time.Millisecond // in which a connection that was given up is seen to be closed
)

// hang does not answer until the caller goes, and notes where it hangs on beside
// another that was there before.
func (i *issuer) hang(r *http.Request) {
	i.mu.Lock()
	before := maps.Clone(i.hanging)
	i.hanging[r] = true
	i.mu.Unlock()
	defer func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		delete(i.hanging, r)
	}()
	select {
	case <-r.Context().Done():
		return
	case <-i.held:
		return
	case <-time.After(goodbye):
	}
	i.mu.Lock()
	for other := range before {
		if i.hanging[other] {
			i.beside++
			break
		}
	}
	i.mu.Unlock()
	select {
	case <-r.Context().Done():
	case <-i.held:
	}
}

// token gives tokens for a code, or to a client.
func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	asked := tokenRequest{form: r.PostForm}
	asked.id, asked.secret, asked.basic = r.BasicAuth()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.broken == "cut" {
		panic(http.ErrAbortHandler)
	}
	begun, known := i.begun[r.PostForm.Get("code")]
	delete(i.begun, r.PostForm.Get("code"))
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	asked.verified = known && encode(sum[:]) == begun.Get("code_challenge")
	client := r.PostForm.Get("grant_type") == "client_credentials"
	asked.redeem = asked.verified && begun.Get("redirect_uri") == r.PostForm.Get("redirect_uri") ||
		client && asked.is("lamp-job", "a secret/of+its own")
	i.asked = append(i.asked, asked)
	given := map[string]any{"access_token": i.access, "token_type": "Bearer", "expires_in": 300}
	if i.id != nil && !client {
		given["id_token"] = i.id(begun.Get("nonce"))
	}
	w.Header().Set("Content-Type", "application/json")
	switch { // only the status tells that these tokens are not to be believed
	case !asked.redeem:
		given["error"] = "invalid_grant"
		w.WriteHeader(http.StatusBadRequest)
	case i.broken == "failing":
		given["error"] = "server_error"
		w.WriteHeader(http.StatusInternalServerError)
	}
	answerJSON(w, given)
}

// begin notes an authorization request, as if a person had signed in, and returns its code.
func (i *issuer) begin(query url.Values) (code string) {
	code = fresh("code")
	i.mu.Lock()
	defer i.mu.Unlock()
	i.begun[code] = query
	return code
}

// publish replaces the keys that are published.
func (i *issuer) publish(keys ...map[string]any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = keys
}

func (i *issuer) set(broken string, maxAge time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.broken, i.maxAge = broken, maxAge
}

func (i *issuer) fetched() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.fetches
}

// together is how often two fetches hung beside each other.
func (i *issuer) together() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.beside
}

// requests are what the token endpoint was asked.
func (i *issuer) requests() []tokenRequest {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]tokenRequest(nil), i.asked...)
}

// claims are those of a right access token.
func (i *issuer) claims() claims {
	return claims{"iss": i.url, "aud": "shop", "sub": fresh("customer"), "scope": "orders:read orders:write", "jti": fresh("jti"),
		"iat": in(0), "nbf": in(0), "exp": in(5 * time.Minute)}
}

// right is a token that must pass.
func (i *issuer) right() string { return i.signer.token(i.claims()) }

func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
