package site

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"strings"

	"cnalab/web/signin"
)

// Limits of what a request may carry.
const (
	maxForm = 64 << 10
	maxFile = 1 << 20
)

// policy lets a page load nothing but what this server sends.
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// guard stands before everything: it names the rules for browsers, refuses
// other hosts and origins, and lets in who has the token.
func (s *Site) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(s.handle(func(http.ResponseWriter, *http.Request) error { return foreignOrigin() }))
	next = origin.Handler(s.signIn(next))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		if !ourHost(r) {
			s.fail(w, r, foreignHost(r.Host))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit(r))
		s.recovered(next).ServeHTTP(w, s.withLanguage(w, r))
	})
}

func protect(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// ourHost keeps out names that somebody else's DNS points at this machine.
func ourHost(r *http.Request) bool {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil || port != localPort(r) {
		return false
	}
	return host == "127.0.0.1" || host == "::1" || strings.EqualFold(host, "localhost")
}

// localPort is the port that the connection came in at.
func localPort(r *http.Request) string {
	address, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return ""
	}
	_, port, _ := net.SplitHostPort(address.String())
	return port
}

func limit(r *http.Request) int64 {
	if r.Method == http.MethodPut {
		return maxFile
	}
	return maxForm
}

// signIn lets in whoever brings the token: once in the address, which becomes
// a cookie, or in a header where the asker is a program.
func (s *Site) signIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if brought := r.URL.Query().Get("token"); brought != "" && r.Method == http.MethodGet {
			s.exchange(w, r, brought)
			return
		}
		bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		cookie, _ := r.Cookie(cookieName(r))
		switch {
		case s.opens(bearer), cookie != nil && s.opens(cookie.Value), strings.HasPrefix(r.URL.Path, "/assets/"):
			next.ServeHTTP(w, r)
		default:
			s.refuse(w, r, bearer != "" || cookie != nil)
		}
	})
}

func (s *Site) opens(brought string) bool {
	return s.Token != "" && subtle.ConstantTimeCompare([]byte(brought), []byte(s.Token)) == 1
}

// cookieName holds the port, because a browser keeps cookies by host alone
// and two servers on one machine would undo each other's.
func cookieName(r *http.Request) string { return "cnalab-" + localPort(r) }

// exchange takes the token out of the address and into a cookie.
func (s *Site) exchange(w http.ResponseWriter, r *http.Request, brought string) {
	if !s.opens(brought) {
		s.refuse(w, r, true)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(r), Value: s.Token, Path: "/", HttpOnly: true,
		SameSite: http.SameSiteStrictMode, MaxAge: 365 * 24 * 3600,
	})
	query := r.URL.Query()
	query.Del("token")
	clean := url.URL{Path: "/" + strings.TrimLeft(r.URL.Path, "/"), RawQuery: query.Encode()}
	http.Redirect(w, r, clean.String(), http.StatusSeeOther)
}

// refuse says where the key is to be found.
func (s *Site) refuse(w http.ResponseWriter, r *http.Request, wrong bool) {
	if form(r) != wholePage {
		s.fail(w, r, locked())
		return
	}
	page := signin.Page{Shell: s.shell(r, "", ""), Wrong: wrong}
	s.render(w, r, http.StatusUnauthorized, signin.View(page))
}
