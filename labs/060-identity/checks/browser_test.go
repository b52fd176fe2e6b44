//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"cnalab/labs/check"
)

// browser is a person's: it keeps cookies, and follows no redirect.
type browser struct {
	s *shop
	*http.Client
}

func (s *shop) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{s, &http.Client{Jar: jar, CheckRedirect: client.CheckRedirect, Timeout: answering}}
}

func (b *browser) get(url string) answer {
	b.s.Helper()
	response, err := b.Get(url)
	if err != nil {
		b.s.NotYet(check.Finding{Say: "A request of the check's gets no answer.", Got: err.Error(), Want: "an answer within 10 s", At: "gateway", Next: "Read what gateway and order printed: one may have panicked, or wait without a deadline.", Output: b.s.printed()})
	}
	defer response.Body.Close()
	return answer{Status: response.StatusCode, Header: response.Header}
}

// login begins to sign in, and returns what the provider is asked.
func (b *browser) login() url.Values {
	s := b.s
	s.Helper()
	got := b.get(s.gateway + "/login")
	to, err := url.Parse(got.Header.Get("Location"))
	if got.Status/100 != 3 || err != nil || !strings.HasPrefix(to.String(), s.issuer.public+"/begin?") {
		s.NotYet(check.Finding{
			Say: "GET /login does not send the browser to the identity service.", Got: fmt.Sprintf("%d, Location: %s", got.Status, got.Header.Get("Location")),
			Want: "302, Location: the authorization_endpoint of the discovery document", At: "gateway", Next: "Ask SERVICE_IDENTITY for its discovery document, and redirect to authorization_endpoint.", Output: s.printed(),
		})
	}
	return to.Query()
}

// callback comes back from the provider.
func (b *browser) callback(code, state string) answer {
	b.s.Helper()
	return b.get(b.s.gateway + "/callback?" + url.Values{"code": {code}, "state": {state}}.Encode())
}

// gives has the issuer give right tokens of that person.
func (i *issuer) gives(subject string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.access = i.signer.token(i.claims().with(claims{"sub": subject}))
	i.id = func(nonce string) string { return i.signer.token(i.idClaims(subject, nonce)) }
}

func (i *issuer) idClaims(subject, nonce string) claims {
	return claims{"iss": i.url, "aud": "shop-web", "sub": subject, "nonce": nonce, "iat": in(0), "exp": in(5 * time.Minute)}
}

// status is that of GET /orders with the browser's cookies.
func (b *browser) status() int {
	b.s.Helper()
	return b.get(b.s.gateway + "/orders").Status
}

// out ends the check as not yet where the browser is signed in.
func (b *browser) out(how string) {
	b.s.Helper()
	if status := b.status(); status != http.StatusUnauthorized {
		b.s.NotYet(check.Finding{
			Say: fmt.Sprintf("A browser is signed in %s.", how), Got: fmt.Sprintf("GET /orders: %d", status), Want: http.StatusUnauthorized, At: "gateway",
			Next: "Begin a session only where state, code, nonce and the ID token are right.", Output: b.s.printed(),
		})
	}
}

// signIn signs a person in, and returns the name and the value of the session's cookie.
func (b *browser) signIn(subject string) (name, value string) {
	s := b.s
	s.Helper()
	s.issuer.gives(subject)
	asked := b.login()
	got := b.callback(s.issuer.begin(asked), asked.Get("state"))
	if status := b.status(); got.Status >= 400 || status != http.StatusOK {
		s.NotYet(check.Finding{
			Say: "After a right sign-in GET /orders is not answered.", Got: fmt.Sprintf("GET /callback: %d, GET /orders: %d", got.Status, status), Want: "a redirect, then 200", At: "gateway",
			Next: "Read what the gateway printed.", Output: s.printed(),
		})
	}
	home, _ := url.Parse(s.gateway)
	for _, cookie := range b.Jar.Cookies(home) { // the session's is the one that opens the orders
		if got := s.ask(http.MethodGet, s.gateway+"/orders", nil, map[string]string{"Cookie": cookie.Name + "=" + cookie.Value}); got.Status == http.StatusOK {
			return cookie.Name, cookie.Value
		}
	}
	s.NotYet(check.Finding{Say: "GET /callback sets no session cookie.", Got: fmt.Sprint(got.Header["Set-Cookie"]), Want: "a cookie", At: "gateway", Next: "Give the browser a random session id."})
	return "", ""
}
