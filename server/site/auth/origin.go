package auth

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"cnalab/labs"
	"cnalab/server/site/httperror"
)

// CheckHost keeps out names that somebody else's DNS points at this machine. Its
// own names are let in with any port, because a port may be forwarded under
// another number, and the names that are given too.
func CheckHost(r *http.Request, names []string) error {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return nil
	}
	if slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, host) }) {
		return nil
	}
	return httperror.New(&labs.Problem{
		Kind: labs.BadInput,
		Say:  "This server answers only on the address that it printed when it started.",
		Next: "Open that address; it starts with http://127.0.0.1. A server that is asked under another name is started with --host NAME.",
		Err:  fmt.Errorf("asked as host %q", r.Host),
	}, http.StatusMisdirectedRequest)
}

// FromOwnPages lets requests that change something come from this server's own
// pages and from programs, not from other sites' pages.
func FromOwnPages(next, deny http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(deny)
	return protection.Handler(next)
}

// CheckOrigin lets in our own pages, and programs that bring the token in a
// header. FromOwnPages spares requests that only ask, and a socket types; a
// browser names the origin of each socket.
func CheckOrigin(r *http.Request) error {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	switch {
	case site != "" && site != "same-origin":
		return ForeignOrigin()
	case strings.EqualFold(origin, "http://"+r.Host), strings.EqualFold(origin, "https://"+r.Host): // behind somebody's TLS
		return nil
	case origin == "" && r.Header.Get("Authorization") != "":
		return nil
	}
	return ForeignOrigin()
}

// ForeignOrigin is about a request that another site's page made.
func ForeignOrigin() error {
	return httperror.New(&labs.Problem{
		Kind: labs.BadInput,
		Say:  "Another web site tried to do this in your name, so nothing was done.",
		Next: "Do it on this server's own page.",
	}, http.StatusForbidden)
}

// NoToken is about who has not signed in.
func NoToken() error {
	return httperror.New(&labs.Problem{
		Kind: labs.BadInput,
		Say:  "This browser has no key to this server.",
		Next: "Open the address that the server printed when it started; it ends in ?token=…",
	}, http.StatusUnauthorized)
}
