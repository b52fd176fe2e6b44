// Package preferences keeps how a learner wants to see pages, their language
// and their theme, in cookies. It knows no page and no lab.
package preferences

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/text/language"

	"cnalab/labs"
	"cnalab/server/site/httperror"
	"cnalab/web/words"
)

const (
	languageCookie = "lang"
	themeCookie    = "theme"
)

var offered = language.NewMatcher(tags(words.Languages))

func tags(languages []string) (all []language.Tag) {
	for _, l := range languages {
		all = append(all, language.Make(l))
	}
	return all
}

// WithLanguage puts the learner's language into the request's context: the
// one chosen, else the best of what the browser asks for.
func WithLanguage(w http.ResponseWriter, r *http.Request) *http.Request {
	w.Header().Add("Vary", "Accept-Language, Cookie")
	chosen := ""
	if cookie, err := r.Cookie(languageCookie); err == nil && words.Knows(cookie.Value) {
		chosen = cookie.Value
	} else {
		_, index := language.MatchStrings(offered, r.Header.Get("Accept-Language"))
		chosen = words.Languages[index]
	}
	return r.WithContext(words.With(r.Context(), chosen))
}

// SetLanguage keeps the learner's language and goes back to the page.
func SetLanguage(w http.ResponseWriter, r *http.Request) error {
	return set(w, r, languageCookie, "lang", words.Knows)
}

// SetTheme keeps light, dark, or nothing for what the system says.
func SetTheme(w http.ResponseWriter, r *http.Request) error {
	return set(w, r, themeCookie, "theme", func(v string) bool {
		return v == "light" || v == "dark" || v == ""
	})
}

// Theme is the one that the learner chose; empty for what the system says.
func Theme(r *http.Request) string {
	if cookie, err := r.Cookie(themeCookie); err == nil && (cookie.Value == "light" || cookie.Value == "dark") {
		return cookie.Value
	}
	return ""
}

func set(w http.ResponseWriter, r *http.Request, cookie, field string, known func(string) bool) error {
	if err := r.ParseForm(); err != nil {
		return httperror.BadForm(err)
	}
	value := r.PostForm.Get(field)
	if !known(value) {
		return &labs.Problem{
			Kind: labs.BadInput,
			Say:  fmt.Sprintf("There is no %s of that name here.", field),
			Next: "Choose one with the switch at the top of the page.",
		}
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookie, Value: value, Path: "/", HttpOnly: true,
		SameSite: http.SameSiteStrictMode, MaxAge: 365 * 24 * 3600,
	})
	http.Redirect(w, r, back(r), http.StatusSeeOther)
	return nil
}

// back is the page of ours that a form names, or else came from.
func back(r *http.Request) string {
	for _, candidate := range []string{r.PostForm.Get("back"), r.Header.Get("Referer")} {
		u, err := url.Parse(candidate)
		if err != nil || candidate == "" || (u.Host != "" && u.Host != r.Host) {
			continue
		}
		path := "/" + strings.TrimLeft(u.Path, "/\\")
		return (&url.URL{Path: path}).String()
	}
	return "/"
}
