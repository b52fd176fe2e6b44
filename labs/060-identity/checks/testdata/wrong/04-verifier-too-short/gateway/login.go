package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"shop/auth"
)

const (
	clientID      = "shop-web"
	browserCookie = "login"
	sessionCookie = "session"
	signInTime    = 10 * time.Minute
	sessionTime   = 8 * time.Hour
	most          = 10000 // sign-ins under way, and sessions
)

// signIn is a sign-in that has begun.
type signIn struct {
	browser, nonce, verifier string
	until                    time.Time
}

type session struct {
	access string
	until  time.Time
}

type door struct {
	issuer, public string
	idTokens       *auth.Verifier

	mu       sync.Mutex
	signIns  map[string]signIn // by state
	sessions map[string]session
}

func newDoor(v *auth.Verifier) *door {
	return &door{
		issuer: os.Getenv("SERVICE_IDENTITY"), public: os.Getenv("PUBLIC_URL"), idTokens: v.For(clientID),
		signIns: map[string]signIn{}, sessions: map[string]session{},
	}
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

func (d *door) setCookie(w http.ResponseWriter, name, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(d.public, "https:"),
	})
}

// login sends the browser to the identity service.
func (d *door) login(w http.ResponseWriter, r *http.Request) {
	found, err := auth.Discover(r.Context(), d.issuer)
	if err != nil {
		slog.Error("discovery", "err", err)
		http.Error(w, "the identity service cannot be reached", http.StatusBadGateway)
		return
	}
	to, err := url.Parse(found.Authorization)
	if err != nil {
		http.Error(w, "the identity service cannot be reached", http.StatusBadGateway)
		return
	}
	browser := cookie(r, browserCookie)
	if browser == "" {
		browser = rand.Text()
	}
	state := rand.Text()
	s := signIn{browser: browser, nonce: rand.Text(), verifier: rand.Text(), until: time.Now().Add(signInTime)}
	d.mu.Lock()
	for k, old := range d.signIns {
		if time.Now().After(old.until) || len(d.signIns) >= most {
			delete(d.signIns, k)
		}
	}
	d.signIns[state] = s
	d.mu.Unlock()
	challenge := sha256.Sum256([]byte(s.verifier))
	q := to.Query()
	for k, v := range map[string]string{
		"response_type": "code", "client_id": clientID, "redirect_uri": d.public + "/callback",
		"scope": "openid orders:read orders:write", "state": state, "nonce": s.nonce,
		"code_challenge": base64.RawURLEncoding.EncodeToString(challenge[:]), "code_challenge_method": "S256",
	} {
		q.Set(k, v)
	}
	to.RawQuery = q.Encode()
	d.setCookie(w, browserCookie, browser, signInTime)
	http.Redirect(w, r, to.String(), http.StatusFound)
}

// take ends the sign-in with the state, if this browser began it.
func (d *door) take(state, browser string) (signIn, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.signIns[state]
	if !ok || browser == "" || s.browser != browser {
		return signIn{}, false
	}
	delete(d.signIns, state)
	return s, time.Now().Before(s.until)
}

// callback is where the browser comes back with a code.
func (d *door) callback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s, ok := d.take(q.Get("state"), cookie(r, browserCookie))
	if !ok {
		http.Error(w, "this sign-in did not begin here: go to /login", http.StatusBadRequest)
		return
	}
	if q.Get("code") == "" {
		http.Error(w, "the identity service did not sign you in", http.StatusUnauthorized)
		return
	}
	found, err := auth.Discover(r.Context(), d.issuer)
	if err != nil {
		slog.Error("discovery", "err", err)
		http.Error(w, "the identity service cannot be reached", http.StatusBadGateway)
		return
	}
	tokens, err := auth.Ask(r.Context(), found.Token, url.Values{
		"grant_type": {"authorization_code"}, "code": {q.Get("code")}, "redirect_uri": {d.public + "/callback"},
		"client_id": {clientID}, "code_verifier": {s.verifier},
	}, "", "")
	if err != nil {
		slog.Warn("no tokens for the code", "err", err)
		http.Error(w, "the code is no good", http.StatusUnauthorized)
		return
	}
	claims, err := d.idTokens.Verify(r.Context(), tokens.ID)
	if err != nil || claims["nonce"] != s.nonce {
		slog.Warn("ID token refused", "err", err)
		http.Error(w, "the identity service's answer is not right", http.StatusUnauthorized)
		return
	}
	id := rand.Text()
	d.mu.Lock()
	for k, old := range d.sessions {
		if time.Now().After(old.until) || len(d.sessions) >= most {
			delete(d.sessions, k)
		}
	}
	d.sessions[id] = session{tokens.Access, time.Now().Add(sessionTime)}
	delete(d.sessions, cookie(r, sessionCookie))
	d.mu.Unlock()
	d.setCookie(w, sessionCookie, id, sessionTime)
	http.Redirect(w, r, "/orders", http.StatusFound)
}

// signedIn gives requests without Authorization the token of their session.
func (d *door) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, has := r.Header["Authorization"]; !has {
			d.mu.Lock()
			s, ok := d.sessions[cookie(r, sessionCookie)]
			d.mu.Unlock()
			if ok && time.Now().Before(s.until) {
				r.Header.Set("Authorization", "Bearer "+s.access)
			}
		}
		r.Header.Del("Cookie") // nobody's business behind the door
		next.ServeHTTP(w, r)
	})
}
