//go:build lab

package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"cnalab/labs/check"
)

// backend is an instance of a service that the check itself is.
type backend struct {
	service, name, address string

	mu     sync.Mutex
	server *http.Server
	seen   []*http.Request
	answer http.HandlerFunc
	health http.HandlerFunc // where it is not well in the common way
}

// backend starts an instance, which answers everything until it dies.
func (s *shop) backend(service string, number int) *backend {
	s.Helper()
	b := &backend{service: service, name: fmt.Sprintf("%s-%d", service, number), address: s.FreeAddress()} // kept for it while it is dead, too
	b.answer = b.fine
	s.live(b)
	s.Cleanup(func() { b.die() })
	return b
}

// live has the backend listen, at its old address where it had one.
func (s *shop) live(b *backend) {
	s.Helper()
	var listener net.Listener
	var err error
	s.Within(soon, func() bool {
		listener, err = net.Listen("tcp", b.address)
		return err == nil
	})
	s.Must(err, "The check could not listen on loopback.")
	b.mu.Lock()
	defer b.mu.Unlock()
	b.address = listener.Addr().String()
	b.server = &http.Server{Handler: b, ReadHeaderTimeout: 10 * time.Second}
	go func(server *http.Server) { _ = server.Serve(listener) }(b.server)
}

// die ends the backend as a crash does: what it was answering is lost, and
// nobody connects any more.
func (b *backend) die() {
	b.mu.Lock()
	server := b.server
	b.server = nil
	b.mu.Unlock()
	if server != nil {
		server.Close()
	}
}

func (b *backend) alive() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.server != nil
}

func (b *backend) url() string { return "http://" + b.address }

// ServeHTTP notes the request and answers it.
func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Instance", b.name)
	if r.URL.Path == "/health" {
		b.mu.Lock()
		health := b.health
		b.mu.Unlock()
		if health == nil {
			health = status(http.StatusNoContent)
		}
		health(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the gateway has gone
	}
	noted := r.Clone(r.Context())
	noted.Body = io.NopCloser(bytes.NewReader(body))
	b.mu.Lock()
	b.seen = append(b.seen, noted)
	answer := b.answer
	b.mu.Unlock()
	answer(w, r)
}

// fine says who answers what.
func (b *backend) fine(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"by": b.name, "path": r.URL.Path})
}

// answers has the backend answer so from now on.
func (b *backend) answers(how http.HandlerFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answer = how
}

// healthy has the backend answer so from now on where it is asked for its health.
func (b *backend) healthy(how http.HandlerFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.health = how
}

// status is an answer with that status.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// breakOff is no answer: the connection ends amid the request's work.
func breakOff(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// breakOffAmid is half an answer: its connection ends amid the body. Where it is
// not sized, nothing but the end says that there was more to come.
func breakOffAmid(sized bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if sized {
			w.Header().Set("Content-Length", "1000")
		}
		_, _ = io.WriteString(w, "12")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// breaksOffMarked breaks the connection of the requests that a check has marked so.
func (b *backend) breaksOffMarked(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get(mark) != "" {
		breakOff(w, r)
	}
	b.fine(w, r)
}

// failsMarked fails the requests that a check has marked so.
func (b *backend) failsMarked(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get(mark) != "" {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	b.fine(w, r)
}

// mark is the header of a request that failsMarked fails.
const mark = "X-Fails"

// calls is how many requests have come, without those for its health.
func (b *backend) calls() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.seen)
}

// last is the request that came last, or nil.
func (b *backend) last() *http.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.seen) == 0 {
		return nil
	}
	return b.seen[len(b.seen)-1]
}

// total counts the calls of all.
func total(backends ...*backend) (calls int) {
	for _, b := range backends {
		calls += b.calls()
	}
	return calls
}

// holding is an answer that waits: arrived gets each request, and it is
// answered by then when release is closed, or lost when the caller goes.
type holding struct {
	arrived chan *http.Request
	gone    chan *http.Request // whose caller did not wait
	release chan struct{}
	then    http.HandlerFunc
}

// hold has the backend hold all requests from now on, until the check ends or
// the caller goes.
func (s *shop) hold(b *backend, then http.HandlerFunc) *holding {
	h := &holding{arrived: make(chan *http.Request, 1000), gone: make(chan *http.Request, 1000), release: make(chan struct{}), then: then}
	b.answers(func(w http.ResponseWriter, r *http.Request) {
		h.arrived <- r
		select {
		case <-h.release:
			h.then(w, r)
		case <-r.Context().Done():
			h.gone <- r
		case <-s.Context.Done():
		}
	})
	return h
}

// await takes what comes on the channel, within the time.
func (s *shop) await(within time.Duration, from <-chan *http.Request, otherwise check.Finding) *http.Request {
	s.Helper()
	select {
	case r := <-from:
		return r
	case <-time.After(within):
		s.NotYet(otherwise)
		return nil
	}
}
