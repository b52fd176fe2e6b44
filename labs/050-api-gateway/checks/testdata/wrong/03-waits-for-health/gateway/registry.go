package main

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// mostLease bounds what an instance may ask for, so that none stays for ever.
const mostLease = time.Minute

// registry is where instances register: at that of their service's pool.
type registry struct {
	token string // whoever knows it is from inside
	pools map[string]*pool
}

// registration is what an instance says of itself.
type registration struct {
	URL   string `json:"url"`
	Lease int    `json:"lease_ms"`
}

// put registers an instance, or renews its lease.
func (g *registry) put(w http.ResponseWriter, r *http.Request) {
	instances, ok := g.open(w, r)
	if !ok {
		return
	}
	var told registration
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&told); err != nil {
		http.Error(w, `the body is {"url": …, "lease_ms": …}`, http.StatusBadRequest)
		return
	}
	at, err := url.Parse(told.URL)
	lease := time.Duration(told.Lease) * time.Millisecond
	if err != nil || at.Scheme != "http" || lease <= 0 || lease > mostLease {
		http.Error(w, "an instance has an http:// address, and a lease of a minute at most", http.StatusUnprocessableEntity)
		return
	}
	name := r.PathValue("instance")
	if !instances.knows(name, at) {
		if err := meet(r.Context(), name, at); err != nil {
			slog.WarnContext(r.Context(), "turn down", "instance", name, "url", told.URL, "err", err)
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		slog.InfoContext(r.Context(), "register", "instance", name, "url", told.URL)
	}
	instances.put(name, at, lease)
	w.WriteHeader(http.StatusNoContent)
}

// remove takes an instance out at once.
func (g *registry) remove(w http.ResponseWriter, r *http.Request) {
	instances, ok := g.open(w, r)
	if !ok {
		return
	}
	slog.InfoContext(r.Context(), "leave", "instance", r.PathValue("instance"))
	instances.remove(r.PathValue("instance"))
	w.WriteHeader(http.StatusNoContent)
}

// open returns the pool that the request is about, for whoever is from inside.
func (g *registry) open(w http.ResponseWriter, r *http.Request) (*pool, bool) {
	if g.token == "" || subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte("Bearer "+g.token)) != 1 {
		http.Error(w, "only services register", http.StatusUnauthorized)
		return nil, false
	}
	instances, known := g.pools[r.PathValue("service")]
	if !known {
		http.Error(w, "no such service", http.StatusNotFound)
	}
	return instances, known
}

// meet returns nil where the instance of that name answers at the address.
func meet(ctx context.Context, name string, at *url.URL) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.JoinPath("health").String(), nil)
	if err != nil {
		return fmt.Errorf("ask for its health: %w", err)
	}
	response, err := transport.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("ask for its health: %w", err)
	}
	defer response.Body.Close()
	if is := response.Header.Get("Instance"); response.StatusCode/100 != 2 || is != name {
		return fmt.Errorf("%s answers %s for its health, as the instance %q", at, response.Status, is)
	}
	return nil
}
