//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
)

// codeVerifier is a verifier by RFC 7636, section 4.1.
var codeVerifier = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

var unguessable = regexp.MustCompile(`^[A-Za-z0-9._~-]{16,}$`)

// GET /login asks the identity service for a code, with PKCE, a state and a nonce of its own each time.
func TestStep04_Login(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.browser().login()
	again := []url.Values{first}
	for range sameAs {
		again = append(again, s.browser().login())
	}
	for name, want := range map[string]string{"response_type": "code", "client_id": "shop-web", "redirect_uri": s.gateway + "/callback", "code_challenge_method": "S256"} {
		if got := first.Get(name); got != want {
			s.NotYet(check.Finding{Say: fmt.Sprintf("GET /login sends another %s than the step asks for.", name), Got: got, Want: want, At: "gateway", Next: "The client is shop-web, and it comes back to PUBLIC_URL/callback."})
		}
	}
	scopes := strings.Fields(first.Get("scope"))
	for _, scope := range []string{"openid", "orders:read", "orders:write"} {
		if !contains(scopes, scope) {
			s.NotYet(check.Finding{Say: "GET /login does not ask for the scopes that a person needs.", Got: first.Get("scope"), Want: "openid orders:read orders:write", At: "gateway", Next: "Without openid there is no ID token, and without the other two no orders."})
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		var all []string
		for _, each := range again {
			all = append(all, each.Get(name))
		}
		if !unguessable.MatchString(all[0]) || varying(all) < 16 {
			s.NotYet(check.Finding{
				Say: fmt.Sprintf("The %s of GET /login can be guessed, or is the same each time.", name), Got: strings.Join(all[:3], ", then "), Want: "a new one each time, of 16 random characters or more", At: loginFile(s.C),
				Next: "Take each from crypto/rand, such as rand.Text().",
			})
		}
	}
	if len(first.Get("code_challenge")) != 43 {
		s.NotYet(check.Finding{Say: "The code_challenge is no SHA-256 of a verifier.", Got: first.Get("code_challenge"), Want: "43 characters: base64url of 32 bytes, without padding", At: "gateway", Next: "Encode the hash with base64.RawURLEncoding."})
	}
}

// While the identity service is away, GET /login sends nobody to where there is nothing.
func TestStep04_LoginAway(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.browser().login()
	s.issuer.set("away", time.Hour)
	got := s.browser().get(s.gateway + "/login")
	if got.Status < 400 && !strings.HasPrefix(got.Header.Get("Location"), s.issuer.public+"/begin?") { // one may know the address still
		s.NotYet(check.Finding{
			Say: "While the identity service is away, GET /login sends the browser somewhere else.", Got: fmt.Sprintf("%d, Location: %s", got.Status, got.Header.Get("Location")), Want: "an error such as 503, and no redirect", At: loginFile(s.C),
			Next: "Answer with an error where the discovery document cannot be had.", Output: s.printed(),
		})
	}
	s.issuer.set("", time.Hour)
	s.browser().login()
}

// Order sees neither the number of a session nor the token behind it.
func TestStep04_HandedOn(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	order := newRecorder(c)
	s := start(c, newIssuer(c), order.URL, "")
	_, number := s.browser().signIn("juno")
	for _, seen := range order.all() {
		s.keeps(seen, s.issuer.access)
		for name, values := range seen {
			if strings.Contains(strings.Join(values, "\n"), number) {
				s.NotYet(check.Finding{
					Say: "The gateway hands the number of a session on: a service that is broken into can use it as well as a token.", Got: "it stands in " + name, Want: "no such header", At: gatewayFile,
					Next: "Delete the cookie from what you hand on.",
				})
			}
		}
	}
}

// A request that names another host does not decide where the code is sent.
func TestStep04_Host(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.browser().login()
	request, err := http.NewRequestWithContext(s.Context, http.MethodGet, s.gateway+"/login", nil)
	s.Must(err, "The check could not make a request.")
	request.Host = "evil.example"
	request.Header.Set("X-Forwarded-Host", "evil.example")
	response, err := client.Do(request)
	if err != nil {
		s.NotYet(check.Finding{Say: "A request of the check's gets no answer.", Got: err.Error(), Want: "an answer within 10 s", At: "gateway", Next: "Read what gateway and order printed: one may have panicked, or wait without a deadline.", Output: s.printed()})
	}
	response.Body.Close()
	to, err := response.Location()
	if err != nil { // it refuses such a host
		return
	}
	if got := to.Query().Get("redirect_uri"); got != s.gateway+"/callback" {
		s.NotYet(check.Finding{
			Say: "GET /login takes redirect_uri from the header Host, which the caller writes.", Got: got, Want: s.gateway + "/callback", At: loginFile(s.C), Next: "Take it from PUBLIC_URL.",
		})
	}
}

// sameAs is how many more values are looked at, to see what of them is always the same.
const sameAs = 5

// varying is at how many places the texts are not all the same.
func varying(texts []string) int {
	places := 0
	for n := range texts[0] {
		for _, each := range texts[1:] {
			if n >= len(each) || each[n] != texts[0][n] {
				places++
				break
			}
		}
	}
	return places
}

func loginFile(c *check.C) string {
	c.Helper()
	return c.FirstFile("gateway/login.go", "gateway/session.go", gatewayFile)
}

func contains(all []string, one string) bool {
	for _, each := range all {
		if each == one {
			return true
		}
	}
	return false
}

// A person who comes back with the code is signed in, and no token reaches the browser.
func TestStep04_SignIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.issuer.gives("juno")
	b := s.browser()
	b.out("before it has signed in")
	asked := b.login()
	got := b.callback(s.issuer.begin(asked), asked.Get("state"))
	all := s.issuer.requests()
	if len(all) != 1 || !all[0].redeem {
		form := url.Values{}
		if len(all) > 0 {
			form = all[len(all)-1].form
		}
		s.NotYet(check.Finding{
			Say: "GET /callback does not exchange the code for tokens as it should.", Got: fmt.Sprintf("%d requests at the token endpoint, the last with %s", len(all), form.Encode()),
			Want: "one, with grant_type, code, client_id, redirect_uri and the code_verifier of the challenge", At: "gateway",
			Next: "Send the verifier whose hash was the challenge, and the same redirect_uri, as a form.", Output: s.printed(),
		})
	}
	if form := all[0].form; form.Get("grant_type") != "authorization_code" || form.Get("client_id") != "shop-web" && all[0].id != "shop-web" {
		s.NotYet(check.Finding{Say: "The token endpoint is not told what is asked for, or by which client.", Got: form.Encode(), Want: "grant_type=authorization_code and client_id=shop-web", At: "gateway", Next: "Send both in the form."})
	}
	if verifier := all[0].form.Get("code_verifier"); !codeVerifier.MatchString(verifier) {
		s.NotYet(check.Finding{
			Say: "The code_verifier is none as RFC 7636 has it.", Got: fmt.Sprintf("a verifier of %d characters: %s", len(verifier), verifier), Want: "43 to 128 letters, digits, -, ., _ or ~", At: loginFile(s.C),
			Next: "Make it of two rand.Text(): one alone is too short.",
		})
	}
	if status := b.status(); got.Status >= 400 || status != http.StatusOK {
		s.NotYet(check.Finding{
			Say: "After a right sign-in GET /orders is not answered.", Got: fmt.Sprintf("GET /callback: %d, GET /orders: %d", got.Status, status), Want: "a redirect, then 200", At: "gateway",
			Next: "Keep the access token at the gateway, give the browser a session cookie, and take the token of the session where there is no header Authorization.", Output: s.printed(),
		})
	}
	session := false
	for _, cookie := range (&http.Response{Header: got.Header}).Cookies() {
		if cookie.MaxAge < 0 || cookie.Value == "" {
			continue
		}
		session = true
		if strings.Contains(cookie.Value, s.issuer.access) || strings.Count(cookie.Value, ".") == 2 && strings.HasPrefix(cookie.Value, "ey") {
			s.NotYet(check.Finding{Say: "The browser gets a token in a cookie.", Got: "the cookie " + cookie.Name, Want: "a random number that means something to the gateway alone", At: "gateway", Next: "Keep the token in a map by a random session id."})
		}
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode && cookie.SameSite != http.SameSiteStrictMode {
			s.NotYet(check.Finding{
				Say: "The session cookie can be read by scripts, or used by other sites.", Got: cookie.String(), Want: "HttpOnly, and SameSite=Lax or Strict", At: "gateway", Next: "Set HttpOnly and SameSite on the cookie.",
			})
		}
		if len(cookie.Value) < 16 {
			s.NotYet(check.Finding{Say: "The session cookie can be guessed.", Got: cookie.Value, Want: "16 random characters or more", At: "gateway", Next: "Take it from crypto/rand, such as rand.Text()."})
		}
	}
	if !session {
		s.NotYet(check.Finding{Say: "GET /callback sets no session cookie.", Got: fmt.Sprint(got.Header["Set-Cookie"]), Want: "a cookie", At: "gateway", Next: "Give the browser a random session id."})
	}
	s.browser().out("without a session")
	s.madeUp()
	s.secret("the access token of a session", s.issuer.access)
}

// A session has a number of its own, which nobody can guess or choose.
func TestStep04_Session(t *testing.T) {
	t.Parallel()
	s := open(t)
	name, first := s.browser().signIn("juno")
	all := []string{first}
	for range sameAs {
		_, value := s.browser().signIn("juno")
		all = append(all, value)
	}
	if varying(all) < 16 {
		s.NotYet(check.Finding{
			Say: "The session cookie can be guessed.", Got: strings.Join(all[:3], ", then "), Want: "16 random characters or more", At: loginFile(s.C), Next: "Take it from crypto/rand, such as rand.Text().",
		})
	}
	s.onlyWithout(name, first)
	home, _ := url.Parse(s.gateway)
	for _, planted := range []string{"CHOSENBYSOMEBODYELSE123456", first} { // that nobody has, and that somebody has
		victim := s.browser()
		victim.Jar.SetCookies(home, []*http.Cookie{{Name: name, Value: planted, Path: "/"}})
		_, got := victim.signIn("mina")
		answer := s.ask(http.MethodPost, s.gateway+"/orders", lamp, map[string]string{"Cookie": name + "=" + planted})
		var placed struct{ Customer string }
		_ = json.Unmarshal([]byte(answer.Body), &placed)
		if got == planted || placed.Customer == "mina" {
			s.NotYet(check.Finding{
				Say: "A sign-in takes the session number that the browser brings: whoever has put it there is signed in, too.", Got: "the session cookie " + got, Want: "a new number at each sign-in", At: loginFile(s.C),
				Next: "Make a new random number for each session, whatever cookie the browser has.",
			})
		}
	}
}

// onlyWithout looks that a session is not used where the request brings a header
// Authorization of its own.
func (s *shop) onlyWithout(name, value string) {
	s.Helper()
	expired := s.issuer.signer.token(s.issuer.claims().with(claims{"exp": in(-time.Hour)}))
	for _, header := range []string{"Bearer nonsense", "Bearer " + expired, "Basic bWluYTp0ZWFwb3Q=", "nonsense"} {
		got := s.ask(http.MethodGet, s.gateway+"/orders", nil, map[string]string{"Cookie": name + "=" + value, "Authorization": header})
		if got.Status != http.StatusUnauthorized {
			s.NotYet(check.Finding{
				Say: "A request with a bad header Authorization is answered by its session.", Got: short(got), Want: http.StatusUnauthorized, At: loginFile(s.C),
				Next: "Use the session only where there is no header Authorization.",
			})
		}
	}
}

// madeUp looks that a session is not believed that nobody began.
func (s *shop) madeUp() {
	s.Helper()
	got := s.ask(http.MethodGet, s.gateway+"/orders", nil, map[string]string{"Cookie": "session=juno; session_id=1; sid=1; user=juno"})
	if got.Status != http.StatusUnauthorized {
		s.NotYet(check.Finding{Say: "A session that nobody began is believed.", Got: short(got), Want: http.StatusUnauthorized, At: "gateway", Next: "Look the session up; one that is not there is none."})
	}
}

// badCallback is a way to come back after which nobody is signed in.
type badCallback struct {
	how  string
	come func(b *browser, asked url.Values) answer
}

// comeBadly has a browser begin, and come back in each of these ways.
func (s *shop) comeBadly(all ...badCallback) {
	s.Helper()
	for _, one := range all {
		b := s.browser()
		b.bad(one.how, one.come(b, b.login()))
	}
}

// bad ends the check as not yet where the browser is signed in, or is not told
// that it is not.
func (b *browser) bad(how string, got answer) {
	b.s.Helper()
	b.out(how)
	if got.Status < 400 {
		b.s.NotYet(check.Finding{
			Say: "A sign-in has failed, and GET /callback answers as if all were well.", Got: got.Status, Want: "an error such as 400, and no redirect", At: loginFile(b.s.C),
			Next: "Answer with an error where anything is wrong.", Output: b.s.printed(),
		})
	}
}

// A wrong state, another browser, a code that is no good or is used again: nobody is signed in.
func TestStep04_WrongCallback(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.issuer.gives("juno")
	s.comeBadly(
		badCallback{"after a wrong state", func(b *browser, asked url.Values) answer {
			return b.callback(s.issuer.begin(asked), "x"+asked.Get("state"))
		}},
		badCallback{"after an empty state", func(b *browser, asked url.Values) answer { return b.callback(s.issuer.begin(asked), "") }},
		badCallback{"with the state of another browser", func(b *browser, _ url.Values) answer {
			other := s.browser().login()
			return b.callback(s.issuer.begin(other), other.Get("state"))
		}},
	)
	asked := s.browser().login()
	for _, state := range []string{asked.Get("state"), ""} {
		never := s.browser()
		never.bad("that never began to sign in", never.callback(s.issuer.begin(asked), state))
	}
	if n := len(s.issuer.requests()); n > 0 {
		s.NotYet(check.Finding{
			Say: "A code that came with a wrong state, or to another browser, was exchanged for tokens.", Got: fmt.Sprintf("%d times", n), Want: "never", At: "gateway",
			Next: "Compare the state with that of this browser's own sign-in before you send the code anywhere.",
		})
	}
	s.comeBadly(
		badCallback{"after a code that the identity service does not know", func(b *browser, asked url.Values) answer { return b.callback("no-such-code", asked.Get("state")) }},
		badCallback{"without a code", func(b *browser, asked url.Values) answer { return b.callback("", asked.Get("state")) }},
		badCallback{"with a code that was given for another challenge", func(b *browser, asked url.Values) answer {
			return b.callback(s.issuer.begin(s.browser().login()), asked.Get("state"))
		}},
		badCallback{"after the identity service said that access is denied", func(b *browser, asked url.Values) answer {
			return b.get(s.gateway + "/callback?error=access_denied&state=" + asked.Get("state"))
		}},
		badCallback{"though the identity service gave no answer", func(b *browser, asked url.Values) answer {
			s.issuer.set("cut", time.Hour)
			defer s.issuer.set("", time.Hour)
			return b.callback(s.issuer.begin(asked), asked.Get("state"))
		}},
		badCallback{"though the identity service answered with 500", func(b *browser, asked url.Values) answer {
			s.issuer.set("failing", time.Hour)
			defer s.issuer.set("", time.Hour)
			return b.callback(s.issuer.begin(asked), asked.Get("state"))
		}},
	)
	b := s.browser()
	asked = b.login()
	code := s.issuer.begin(asked)
	if got := b.callback(code, asked.Get("state")); got.Status >= 400 || b.status() != http.StatusOK {
		s.NotYet(check.Finding{Say: "After a right sign-in GET /orders is not answered.", Got: got.Status, Want: "a redirect, then 200", At: "gateway", Next: "Read what the gateway printed.", Output: s.printed()})
	}
	before := len(s.issuer.requests())
	again := b.callback(s.issuer.begin(asked), asked.Get("state"))
	if n := len(s.issuer.requests()) - before; n > 0 || again.Status/100 == 2 || again.Status/100 == 3 {
		s.NotYet(check.Finding{
			Say: "A state is good for a second sign-in.", Got: fmt.Sprintf("%d, and %d requests at the token endpoint", again.Status, n), Want: "400, and none", At: "gateway",
			Next: "Forget the sign-in when its callback comes, whatever comes of it.",
		})
	}
}

// The ID token is verified: signature, issuer, audience, time and nonce.
func TestStep04_IDToken(t *testing.T) {
	t.Parallel()
	s := open(t)
	i := s.issuer
	right := func(nonce string) claims { return i.idClaims("juno", nonce) }
	tries := []struct {
		how string
		id  func(nonce string) string
	}{
		{"with an ID token of another nonce", func(string) string { return i.signer.token(right("another-nonce-of-another-time")) }},
		{"with an ID token without a nonce", func(nonce string) string { return i.signer.token(right(nonce).with(claims{"nonce": nil})) }},
		{"with an ID token for another client", func(nonce string) string { return i.signer.token(right(nonce).with(claims{"aud": "shop-app"})) }},
		{"with an ID token for the shop, as an access token is", func(nonce string) string { return i.signer.token(right(nonce).with(claims{"aud": "shop"})) }},
		{"with an ID token for several others", func(nonce string) string {
			return i.signer.token(right(nonce).with(claims{"aud": []string{"shop", "shop-app"}}))
		}},
		{"with an ID token without an audience", func(nonce string) string { return i.signer.token(right(nonce).with(claims{"aud": nil})) }},
		{"with an ID token without exp", func(nonce string) string { return i.signer.token(right(nonce).with(claims{"exp": nil})) }},
		{"with an ID token whose header has crit", func(nonce string) string { return i.signer.token(right(nonce), header{"crit": []string{"audit"}}) }},
		{"with an ID token of another issuer", func(nonce string) string {
			return i.signer.token(right(nonce).with(claims{"iss": "http://identity.example"}))
		}},
		{"with an ID token that has expired", func(nonce string) string { return i.signer.token(right(nonce).with(claims{"exp": in(-time.Hour)})) }},
		{"with an ID token that a stranger signed", func(nonce string) string { return strangerKey().named(i.signer.kid).token(right(nonce)) }},
		{"with an ID token that nobody signed", func(nonce string) string { return object(header{"alg": "none"}) + "." + object(right(nonce)) + "." }},
		{"without an ID token", nil},
	}
	for _, one := range tries {
		i.gives("juno")
		i.mu.Lock()
		i.id = one.id
		i.mu.Unlock()
		b := s.browser()
		asked := b.login()
		b.bad(one.how, b.callback(i.begin(asked), asked.Get("state")))
	}
	i.gives("juno")
	b := s.browser()
	asked := b.login()
	b.callback(i.begin(asked), asked.Get("state"))
	if status := b.status(); status != http.StatusOK {
		s.NotYet(check.Finding{Say: "After a right sign-in GET /orders is not answered.", Got: status, Want: "a redirect, then 200", At: "gateway", Next: "Read what the gateway printed.", Output: s.printed()})
	}
}
