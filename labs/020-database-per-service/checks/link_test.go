//go:build lab

package checks

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/labs/check"
	"cnalab/labs/check/postgres"
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

// link is the way from one service to another: what goes over it is seen, and can be
// held or changed.
type link struct {
	s      *shop
	server *httptest.Server
	base   string // of the one who is asked

	mu    sync.Mutex
	calls []call
	// before decides what becomes of a request: it goes on where it returns true. It may
	// wait, change the body, or answer by itself. after is told of the answer before the
	// one who asked is. Either may be nil.
	before func(w http.ResponseWriter, c *call) bool
	after  func(c *call)
}

// link is the way to product.
func (s *shop) link() *link {
	s.Helper()
	return s.linkTo("product")
}

func (s *shop) linkTo(service string) *link {
	s.Helper()
	l := &link{s: s, base: os.Getenv(labs.EnvService(service))}
	l.server = httptest.NewServer(l)
	s.Cleanup(l.server.Close)
	return l
}

// leadsTo has what comes from now on go to another process of the same service.
func (l *link) leadsTo(process second) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.base = process.base
}

// hooks sets what is done with each request from now on.
func (l *link) hooks(before func(http.ResponseWriter, *call) bool, after func(*call)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.before, l.after = before, after
}

func (l *link) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	base, before, after := l.base, l.before, l.after
	l.mu.Unlock()
	c := &call{request: r}
	c.body, _ = io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if before != nil && !before(w, c) {
		return
	}
	if err := l.forward(base, c); err != nil {
		panic(http.ErrAbortHandler) // nobody answered, and nor does the link
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

// forward asks the other service, whatever becomes of the one who asked.
func (l *link) forward(base string, c *call) error {
	req, err := http.NewRequestWithContext(l.s.Context, c.request.Method, base+c.request.URL.RequestURI(), bytes.NewReader(c.body))
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

// during are the requests that were answered while f ran.
func (l *link) during(f func()) []call {
	l.mu.Lock()
	begin := len(l.calls)
	l.mu.Unlock()
	f()
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]call(nil), l.calls[begin:]...)
}

// seen are all requests that were answered so far.
func (l *link) seen() []call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]call(nil), l.calls...)
}

// second is one more process of a service, with the same database, on the one end of a link.
type second struct {
	*check.Service
	*proc.Running
	name string // its application_name
	base string // its URL
}

// second starts one more order, which asks product over the link, and returns when it
// answers. It ends with the check.
func (s *shop) second(l *link) second {
	s.Helper()
	return s.another("order", "SERVICE_PRODUCT="+l.server.URL)
}

// another starts one more process of a service, which is told where the other one is.
func (s *shop) another(service, other string) second {
	s.Helper()
	program := proc.BuildService(s.C, service)
	var last *proc.Running
	for range 3 { // somebody else may take the port that was free
		address, name := s.FreeAddress(), fresh(service)
		last = program.Start(proc.Call{Env: databases("SERVICE="+name, "ADDR="+address, other)})
		base := "http://" + address
		started := second{s.order.At(base), last, name, base}
		if s.Within(10*time.Second, func() bool { return started.over() || s.try(started.Service, http.MethodGet, "/", nil) != nil }) && !started.over() {
			return started
		}
	}
	s.CouldNotCheck(check.Finding{
		Say: fmt.Sprintf("The check could not start a second %s, whose way to the other service it can break.", service), Next: "Read what it printed, then check again.", Output: last.Output(),
	})
	return second{}
}

func (o second) over() bool {
	_, over := o.Exit()
	return over
}

// breakOff breaks off the statements with which an application waits for a table.
const breakOff = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = $1"

// brokenOff has a request sent while nobody can use the tables of a database, and has the
// database break off each statement for which the application waits. It returns the
// answer to the request.
func (s *shop) brokenOff(database, application string, send func() *sent) *check.Answer {
	s.Helper()
	lock, watch := postgres.Open(s.C, database), postgres.Open(s.C, database)
	lock.Rows("BEGIN")
	lock.Rows("LOCK TABLE " + strings.Join(lock.Tables(), ", ") + " IN ACCESS EXCLUSIVE MODE")
	request := send()
	s.Within(2*soon, func() bool {
		watch.Rows(breakOff, application)
		return request.over()
	})
	lock.Rows("ROLLBACK")
	<-request.done
	return request.answer
}
