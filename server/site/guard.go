package site

import (
	"net/http"

	"cnalab/server/site/auth"
	"cnalab/server/site/preferences"
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
	foreign := s.handle(func(http.ResponseWriter, *http.Request) error { return auth.ForeignOrigin() })
	next = auth.FromOwnPages(auth.Token(s.Token).SignIn(next, s.refuse), foreign)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		if err := auth.CheckHost(r, s.Hosts); err != nil {
			s.fail(w, r, err)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit(r))
		s.recovered(next).ServeHTTP(w, preferences.WithLanguage(w, r))
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

func limit(r *http.Request) int64 {
	if r.Method == http.MethodPut {
		return maxFile
	}
	return maxForm
}

// refuse says where the token is to be found.
func (s *Site) refuse(w http.ResponseWriter, r *http.Request, wrong bool) {
	if form(r) != wholePage {
		s.fail(w, r, auth.NoToken())
		return
	}
	page := signin.Page{Shell: s.shell(r, "", ""), Wrong: wrong, Host: r.Host}
	s.render(w, r, http.StatusUnauthorized, signin.View(page))
}
