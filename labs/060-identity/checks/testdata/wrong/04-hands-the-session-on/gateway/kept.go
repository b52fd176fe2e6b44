package main

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"
)

// kept is what the gateway keeps for browsers, for some time. A browser has
// nothing but its number, in a cookie that scripts cannot read and other sites
// cannot use.
type kept[T any] struct {
	cookie   string
	lifetime time.Duration

	mu  sync.Mutex
	all map[string]T
}

func newKept[T any](cookie string, lifetime time.Duration) *kept[T] {
	return &kept[T]{cookie: cookie, lifetime: lifetime, all: map[string]T{}}
}

// put keeps a value for the browser, under a new number.
func (k *kept[T]) put(w http.ResponseWriter, value T) {
	number := rand.Text()
	k.mu.Lock()
	k.all[number] = value
	k.mu.Unlock()
	time.AfterFunc(k.lifetime, func() { k.takeAt(number) })
	// Secure belongs here as well, where the gateway serves TLS.
	http.SetCookie(w, &http.Cookie{Name: k.cookie, Value: number, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// get returns what is kept for the browser.
func (k *kept[T]) get(r *http.Request) (value T, ok bool) {
	cookie, err := r.Cookie(k.cookie)
	if err != nil {
		return value, false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	value, ok = k.all[cookie.Value]
	return value, ok
}

// take returns it, and keeps it no longer.
func (k *kept[T]) take(r *http.Request) (value T, ok bool) {
	cookie, err := r.Cookie(k.cookie)
	if err != nil {
		return value, false
	}
	return k.takeAt(cookie.Value)
}

func (k *kept[T]) takeAt(number string) (T, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	value, ok := k.all[number]
	delete(k.all, number)
	return value, ok
}
