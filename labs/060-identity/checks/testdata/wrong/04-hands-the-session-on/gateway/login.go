package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"time"

	"shop/token"
)

const (
	client = "shop-web"
	scope  = "openid orders:read orders:write"
)

// attempt is a sign-in that a browser has begun here.
type attempt struct{ state, nonce, verifier string }

// door signs people in, and remembers who has signed in.
type door struct {
	id       *token.Verifier // of ID tokens, which are for the client
	attempts *kept[attempt]
	sessions *kept[string] // access tokens
}

func newDoor(issuer string, keys *token.Keys) *door {
	return &door{
		id:       &token.Verifier{Issuer: issuer, Audience: client, Keys: keys},
		attempts: newKept[attempt]("login", 10*time.Minute), sessions: newKept[string]("session", time.Hour),
	}
}

// login sends the browser to the provider.
func (d *door) login(w http.ResponseWriter, r *http.Request) {
	provider, err := token.Discover(r.Context(), d.id.Issuer)
	if err != nil {
		slog.Error("log in", "err", err)
		http.Error(w, "nobody can sign in now", http.StatusServiceUnavailable)
		return
	}
	a := attempt{state: rand.Text(), nonce: rand.Text(), verifier: rand.Text() + rand.Text()}
	d.attempts.put(w, a)
	challenge := sha256.Sum256([]byte(a.verifier))
	query := url.Values{"response_type": {"code"}, "client_id": {client}, "redirect_uri": {redirectURI()}, "scope": {scope},
		"state": {a.state}, "nonce": {a.nonce},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"}}
	http.Redirect(w, r, provider.Authorize+"?"+query.Encode(), http.StatusFound)
}

// callback is where the browser comes back with a code.
func (d *door) callback(w http.ResponseWriter, r *http.Request) {
	a, ok := d.attempts.take(r)
	if state := r.FormValue("state"); !ok || state != a.state {
		http.Error(w, "this sign-in was not begun here: go to /login", http.StatusBadRequest)
		return
	}
	access, err := d.exchange(r.Context(), r.FormValue("code"), a)
	if err != nil {
		slog.Error("sign in", "err", err)
		http.Error(w, "signing in failed: go to /login", http.StatusBadRequest)
		return
	}
	d.sessions.put(w, access)
	http.Redirect(w, r, "/orders", http.StatusSeeOther)
}

// exchange gives the code for an access token, and looks whether it is the
// answer to this attempt.
func (d *door) exchange(ctx context.Context, code string, a attempt) (string, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "client_id": {client},
		"code": {code}, "redirect_uri": {redirectURI()}, "code_verifier": {a.verifier}}
	given, err := token.Ask(ctx, d.id.Issuer, form, client, "")
	if err != nil {
		return "", err
	}
	person, err := d.id.Verify(ctx, given.ID)
	if err != nil {
		return "", fmt.Errorf("verify ID token: %w", err)
	}
	if person.Claims["nonce"] != a.nonce {
		return "", errors.New("the ID token is the answer to another sign-in")
	}
	return given.Access, nil
}

// withSession lets a browser that has signed in ask with its session.
func (d *door) withSession(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if access, ok := d.sessions.get(r); ok && r.Header.Get("Authorization") == "" {
			r.Header.Set("Authorization", "Bearer "+access)
		}
		next.ServeHTTP(w, r)
	})
}

func redirectURI() string { return os.Getenv("PUBLIC_URL") + "/callback" }
