// Package auth says who may come in: browsers that ask this server by its own
// name, from its own pages, and who brings the token that it printed when it
// started. It draws no page, and knows nothing of what is asked for.
package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Token opens everything.
type Token string

// SignIn lets in whoever brings the token: once in the address, which becomes
// a cookie, or in a header where the asker is a program. Others are refused,
// with whether what they brought is wrong.
func (t Token) SignIn(next http.Handler, refuse func(w http.ResponseWriter, r *http.Request, wrong bool)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if brought := r.URL.Query().Get("token"); brought != "" && r.Method == http.MethodGet {
			if !t.matches(brought) {
				refuse(w, r, true)
				return
			}
			t.exchange(w, r)
			return
		}
		bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		cookie, _ := r.Cookie(cookieName(r))
		switch {
		case t.matches(bearer), cookie != nil && t.made(cookie.Value), strings.HasPrefix(r.URL.Path, "/assets/"):
			next.ServeHTTP(w, r)
		default:
			refuse(w, r, bearer != "" || cookie != nil)
		}
	})
}

func (t Token) matches(brought string) bool {
	return t != "" && subtle.ConstantTimeCompare([]byte(brought), []byte(t)) == 1
}

// Cookie is the secret of a browser's session, other than that of any other. A
// browser sends a cookie to every server of this machine, whatever its port, so
// it does not hold the token: with a secret nobody finds out the token, nor lets
// another browser in for good, because a new token ends it.
func (t Token) Cookie() string {
	id := rand.Text()
	return id + "." + t.sign(id)
}

// made reports whether the secret is one of Cookie's.
func (t Token) made(secret string) bool {
	id, sum, ok := strings.Cut(secret, ".")
	return ok && t != "" && subtle.ConstantTimeCompare([]byte(sum), []byte(t.sign(id))) == 1
}

func (t Token) sign(id string) string {
	mac := hmac.New(sha256.New, []byte(t))
	mac.Write([]byte("session " + id))
	return hex.EncodeToString(mac.Sum(nil))
}

// exchange takes the token out of the address, and lets the browser in by a
// cookie from now on.
func (t Token) exchange(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(r), Value: t.Cookie(), Path: "/", HttpOnly: true,
		SameSite: http.SameSiteStrictMode, MaxAge: 365 * 24 * 3600,
	})
	query := r.URL.Query()
	query.Del("token")
	clean := url.URL{Path: "/" + strings.TrimLeft(r.URL.Path, "/"), RawQuery: query.Encode()}
	http.Redirect(w, r, clean.String(), http.StatusSeeOther)
}

// cookieName holds the port, because a browser keeps cookies by host alone
// and two servers on one machine would undo each other's.
func cookieName(r *http.Request) string { return "cnalab-" + localPort(r) }

// localPort is the port that the connection came in at.
func localPort(r *http.Request) string {
	address, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return ""
	}
	_, port, _ := net.SplitHostPort(address.String())
	return port
}
