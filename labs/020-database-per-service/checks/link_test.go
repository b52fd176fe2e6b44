//go:build lab

package checks

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/proc"
)

// call is a request that went over a link, with product's answer.
type call struct {
	request *http.Request
	body    []byte // what was asked
	status  int
	answer  []byte
}

func (c *call) takes() bool { return strings.HasSuffix(c.request.URL.Path, "/take") }

// link is the way from one order to product: what goes over it is seen, and can be held
// or changed.
type link struct {
	s      *shop
	server *httptest.Server
	base   string // product's

	mu    sync.Mutex
	calls []call
	// before decides what becomes of a request: it goes on where it returns true. It may
	// wait, change the body, or answer by itself. after is told of the answer before the
	// one who asked is. Either may be nil.
	before func(w http.ResponseWriter, c *call) bool
	after  func(c *call)
}

func (s *shop) link() *link {
	s.Helper()
	l := &link{s: s, base: os.Getenv(labs.EnvService("product"))}
	l.server = httptest.NewServer(l)
	s.Cleanup(l.server.Close)
	return l
}

// hooks sets what is done with each request from now on.
func (l *link) hooks(before func(http.ResponseWriter, *call) bool, after func(*call)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.before, l.after = before, after
}

func (l *link) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	before, after := l.before, l.after
	l.mu.Unlock()
	c := &call{request: r}
	c.body, _ = io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if before != nil && !before(w, c) {
		return
	}
	if err := l.forward(c); err != nil {
		panic(http.ErrAbortHandler) // product did not answer, and so does the link
	}
	if after != nil {
		after(c)
	}
	l.mu.Lock()
	l.calls = append(l.calls, *c)
	l.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(c.status)
	_, _ = w.Write(c.answer)
}

// forward asks product, whatever becomes of the one who asked.
func (l *link) forward(c *call) error {
	req, err := http.NewRequestWithContext(l.s.Context, c.request.Method, l.base+c.request.URL.RequestURI(), bytes.NewReader(c.body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", c.request.Header.Get("Content-Type"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	c.status = resp.StatusCode
	c.answer, err = io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	return err
}

// during are the requests that product has answered while f ran.
func (l *link) during(f func()) []call {
	l.mu.Lock()
	begin := len(l.calls)
	l.mu.Unlock()
	f()
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]call(nil), l.calls[begin:]...)
}

// seen are all requests that product has answered so far.
func (l *link) seen() []call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]call(nil), l.calls...)
}

// second is one more process of order, with the same database, on the other end of a link.
type second struct {
	*check.Service
	*proc.Running
	name string // its application_name
}

// second starts one more order and returns when it answers. It ends with the check.
func (s *shop) second(l *link) second {
	s.Helper()
	program := proc.BuildService(s.C, "order")
	var last *proc.Running
	for range 3 { // somebody else may take the port that was free
		address, name := s.FreeAddress(), fresh("order")
		last = program.Start(proc.Call{Env: databases("SERVICE="+name, "ADDR="+address, "SERVICE_PRODUCT="+l.server.URL)})
		started := second{s.order.At("http://" + address), last, name}
		if s.Within(10*time.Second, func() bool { return started.over() || s.try(started.Service, http.MethodGet, "/", nil) != nil }) && !started.over() {
			return started
		}
	}
	s.CouldNotCheck(check.Finding{
		Say: "The check could not start a second order, whose way to product it can break.", Next: "Read what it printed, then check again.", Output: last.Output(),
	})
	return second{}
}

func (o second) over() bool {
	_, over := o.Exit()
	return over
}
