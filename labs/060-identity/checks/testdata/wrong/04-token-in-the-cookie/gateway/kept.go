package main

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"
)

// kept is what the gateway keeps for browsers. A browser has nothing but its
// number, in a cookie that scripts cannot read and other sites cannot use.
type kept[T any] struct {
	cookie   string
	lifetime time.Duration

	mu  sync.Mutex
	all map[string]entry[T]
}

type entry[T any] struct {
	value T
	ends  time.Time
}

func newKept[T any](cookie string, lifetime time.Duration) *kept[T] {
	return &kept[T]{cookie: cookie, lifetime: lifetime, all: map[string]entry[T]{}}
}

// put keeps a value for the browser, under a new number.
func (k *kept[T]) put(w http.ResponseWriter, value T) {
	number, now := rand.Text(), time.Now()
	k.mu.Lock()
	for old, e := range k.all {
		if now.After(e.ends) {
			delete(k.all, old)
		}
	}
	k.all[number] = entry[T]{value, now.Add(k.lifetime)}
	k.mu.Unlock()
	k.set(w, number, int(k.lifetime.Seconds()))
}

// get returns what is kept for the browser.
func (k *kept[T]) get(r *http.Request) (T, bool) {
	cookie, err := r.Cookie(k.cookie)
	if err != nil {
		return *new(T), false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.all[cookie.Value]
	return e.value, ok && time.Now().Before(e.ends)
}

// take returns it, and keeps it no longer.
func (k *kept[T]) take(w http.ResponseWriter, r *http.Request) (T, bool) {
	cookie, err := r.Cookie(k.cookie)
	if err != nil {
		return *new(T), false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.all[cookie.Value]
	delete(k.all, cookie.Value)
	k.set(w, "", -1)
	return e.value, ok && time.Now().Before(e.ends)
}

func (k *kept[T]) set(w http.ResponseWriter, value string, seconds int) {
	// Secure belongs here as well, where the gateway serves TLS.
	http.SetCookie(w, &http.Cookie{Name: k.cookie, Value: value, Path: "/", MaxAge: seconds, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}
