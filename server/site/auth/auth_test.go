package auth

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A browser's cookie goes to every server of its machine: none of them finds the
// token in it, and a new token ends it.
func TestCookieIsNotTheToken(t *testing.T) {
	const token = Token("the-key-to-everything")
	one, other := token.Cookie(), token.Cookie()
	if one == other || strings.Contains(one, string(token)) {
		t.Errorf("%q and %q", one, other)
	}
	for secret, in := range map[string]bool{one: true, other: true, string(token): false, "": false, ".": false, one[:len(one)-1]: false, "x" + one: false} {
		if token.made(secret) != in {
			t.Errorf("%q is let in: %v", secret, !in)
		}
	}
	if Token("another").made(one) || Token("").made(Token("").Cookie()) {
		t.Error("another token lets it in")
	}
	answer := httptest.NewRecorder()
	token.SignIn(http.NotFoundHandler(), nil).ServeHTTP(answer, httptest.NewRequest("GET", "/?token="+string(token), nil))
	if cookie := answer.Header().Get("Set-Cookie"); answer.Code != http.StatusSeeOther || !strings.HasPrefix(cookie, "cnalab") || strings.Contains(cookie, string(token)) {
		t.Errorf("%d, %s", answer.Code, cookie)
	}
}
