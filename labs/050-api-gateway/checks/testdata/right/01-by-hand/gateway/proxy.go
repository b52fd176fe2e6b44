package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
)

var hops = []string{"Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

// proxy passes each request on to the service.
func proxy(name string, target *url.URL) http.Handler {
	transport := &http.Transport{DisableCompression: true}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := r.Clone(r.Context())
		out.URL.Scheme, out.URL.Host = target.Scheme, target.Host
		if r.ContentLength == 0 {
			out.Body = nil
		}
		endHere(out.Header)
		from, _, _ := net.SplitHostPort(r.RemoteAddr)
		out.Header.Set("X-Forwarded-For", from)
		out.Header.Set("X-Forwarded-Host", r.Host)
		out.Header.Set("X-Forwarded-Proto", "https")
		response, err := transport.RoundTrip(out)
		if err != nil {
			slog.Warn("pass on", "to", name, "err", err)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusServiceUnavailable)
			_ = json.NewEncoder(w).Encode(map[string]string{"error": "try again later", "service": name})
			return
		}
		defer response.Body.Close()
		endHere(response.Header)
		maps.Copy(w.Header(), response.Header)
		w.WriteHeader(response.StatusCode)
		if _, err := io.Copy(w, response.Body); err != nil {
			panic(http.ErrAbortHandler) // half an answer may not look whole
		}
	})
}

// endHere takes out what is about one connection only.
func endHere(header http.Header) {
	for _, list := range header["Connection"] {
		for name := range strings.SplitSeq(list, ",") {
			header.Del(strings.TrimSpace(name))
		}
	}
	for _, name := range hops {
		header.Del(name)
	}
}
