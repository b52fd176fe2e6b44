package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

var prefixes = []struct{ path, name string }{{"/orders", "order"}, {"/products", "product"}, {"/deliveries", "delivery"}}

func routes(instances map[string][]*url.URL) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, p := range prefixes {
			path := r.URL.Path
			if (path == p.path || strings.HasPrefix(path, p.path+"/")) && !strings.Contains(path+"/", "/../") && !strings.Contains(path+"/", "/./") {
				pass(w, r, p.name, instances[p.name][0])
				return
			}
		}
		http.Error(w, `{"error": "no such path"}`, 404)
	})
}

var tr = &http.Transport{DisableCompression: true}

var hop = []string{"Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

func strip(h http.Header) {
	for _, v := range h["Connection"] {
		for _, n := range strings.Split(v, ",") {
			h.Del(strings.TrimSpace(n))
		}
	}
	for _, n := range hop {
		h.Del(n)
	}
}

func pass(w http.ResponseWriter, r *http.Request, name string, at *url.URL) {
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host = at.Scheme, at.Host
	out.RequestURI = ""
	strip(out.Header)
	if r.ContentLength == 0 {
		out.Body = nil
	}
	ip, _, _ := net.SplitHostPort(r.RemoteAddr)
	out.Header.Set("X-Forwarded-For", ip)
	out.Header.Set("X-Forwarded-Host", r.Host)
	out.Header.Set("X-Forwarded-Proto", "https")
	if _, ok := out.Header["User-Agent"]; !ok {
		out.Header.Set("User-Agent", "")
	}
	back, err := tr.RoundTrip(out)
	if err != nil {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(503)
		json.NewEncoder(w).Encode(map[string]string{"service": name, "error": err.Error()})
		return
	}
	defer back.Body.Close()
	strip(back.Header)
	for k, v := range back.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(back.StatusCode)
	w.Header().Del("Content-Length")
	b, _ := io.ReadAll(back.Body)
	w.Write(b)
}
